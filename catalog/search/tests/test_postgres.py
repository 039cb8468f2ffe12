"""Search on PostgreSQL with pg_trgm, without it, and when it comes later. What is done to the database here is rolled back with the test."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import connection

from catalog.search import drop, ensure, rebuild
from catalog.search.tests.test_finding import goods, names
from portal.companies.tests.factories import SupplierFactory

pytestmark = pytest.mark.django_db
# Somebody who may make tables and no extension; one a process, since roles belong to the whole server.
PLAIN = f"plain_portal_{os.getpid()}"


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def indexes() -> str:
    """The definitions of the search table's indexes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'catalog_search'")
        return " ".join(row[0] for row in cursor.fetchall())


@pytest.fixture
def supplier():
    supplier = SupplierFactory()
    goods(supplier, "Regency cakestand, cream", "CAKE-1")
    goods(supplier, "White metal lantern", "LAMP-1")
    return supplier


@pytest.fixture
def plain_user(supplier) -> Iterator[None]:
    """The portal's database user may not make extensions, and nobody made pg_trgm."""
    drop()
    run(
        "DROP EXTENSION IF EXISTS pg_trgm CASCADE",
        f"CREATE ROLE {PLAIN} NOLOGIN",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {PLAIN}",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {PLAIN}",
        f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {PLAIN}",
        f"SET ROLE {PLAIN}",
    )
    yield
    run("RESET ROLE")


def test_with_pg_trgm_the_middle_of_a_word_is_found_through_its_index(supplier):
    assert ensure() == ""
    assert "gin_trgm_ops" in indexes()
    assert names(supplier, "stand") == ["Regency cakestand, cream"]


def test_without_it_people_are_told_what_is_missing_and_who_can_mend_it(plain_user):
    note = ensure()
    assert "beginnings of words only" in note
    assert "CREATE EXTENSION pg_trgm" in note
    assert "gin_trgm_ops" not in indexes()
    assert "to_tsvector" in indexes()


def test_without_it_beginnings_skus_and_slips_of_the_finger_are_still_found(plain_user, supplier):
    ensure()
    assert names(supplier, "cakest cream") == ["Regency cakestand, cream"]
    assert names(supplier, "lamp-1") == ["White metal lantern"]
    assert names(supplier, "lantren") == ["White metal lantern"]
    assert names(supplier, "stand") == []


@pytest.mark.parametrize(
    "typed", ["'", "o'neil", "\\", ":*", "cake:*", "a & b | !c", "<->", "(", '"', "%", "_", "x" * 500]
)
def test_without_it_nothing_that_can_be_typed_breaks_the_query(plain_user, supplier, typed):
    ensure()
    assert set(names(supplier, typed)) <= {"Regency cakestand, cream", "White metal lantern"}


def test_without_it_the_index_follows_new_goods_and_a_rebuild(plain_user, supplier):
    ensure()
    goods(supplier, "Jam jar", "JAR-1")
    assert names(supplier, "jam") == ["Jam jar"]
    assert rebuild() == 3
    assert names(supplier, "jam") == ["Jam jar"]


def test_when_a_superuser_makes_it_later_the_next_migrate_finds_middles_too(plain_user, supplier):
    ensure()
    run("RESET ROLE", "CREATE EXTENSION pg_trgm")
    assert ensure() == ""
    assert names(supplier, "stand") == ["Regency cakestand, cream"]
