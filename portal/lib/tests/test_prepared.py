"""Statements made once answer as the query set they were made from, for whoever asks."""

from __future__ import annotations

import pytest

from portal.companies.models import Company
from portal.lib.prepared import Prepared

pytestmark = pytest.mark.django_db
FIELDS = ("pk", "name", "is_sandbox", "created_at")


@pytest.fixture
def companies() -> list[Company]:
    return [Company.objects.create(name=name, kind="supplier") for name in ("Anders", "Beck", "Çelik %s")]


def test_values_are_those_of_the_query_set_for_each_asker(companies):
    by_name = Prepared(
        lambda name, above: Company.objects.filter(name=name, pk__gte=above).values_list(*FIELDS), texts=("name",)
    )
    for company in companies:
        rows = by_name.values(name=company.name, above=company.pk)
        assert [tuple(row) for row in rows] == list(Company.objects.filter(pk=company.pk).values_list(*FIELDS))
        assert by_name.values(name=company.name, above=company.pk + 1) == []


def test_a_limit_cuts_and_the_statement_is_not_made_again(companies, monkeypatch):
    made = []
    newest = Prepared(
        lambda above: made.append(1) or Company.objects.filter(pk__gte=above).order_by("-pk").values_list("pk")
    )
    first = newest.rows(above=companies[0].pk, limit=2)
    assert first == [(companies[2].pk,), (companies[1].pk,)]
    assert len(newest.rows(above=companies[1].pk, limit=500)) == 2
    assert len(made) == 1


def test_a_value_in_two_places_is_filled_in_both(companies):
    around = Prepared(lambda pk: Company.objects.filter(pk__lte=pk, pk__gte=pk).values_list("name"))
    assert [around.rows(pk=one.pk) for one in companies] == [[(one.name,)] for one in companies]


def test_a_text_with_quotes_stays_a_value(companies):
    by_name = Prepared(lambda name: Company.objects.filter(name=name).values_list("pk"), texts=("name",))
    assert by_name.rows(name="' OR 1=1 --") == []


def test_an_argument_that_reaches_no_value_is_refused():
    deaf = Prepared(lambda company: Company.objects.values_list("pk"))
    with pytest.raises(ValueError, match="company"):
        deaf.rows(company=1)
