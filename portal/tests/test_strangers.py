"""Every address, as nobody, as a stranger, and as somebody whose role may not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal import public_urls
from portal.companies.models import Company
from portal.companies.permissions import Can, permissions_of
from portal.tests.examples import EXAMPLES, NO_OBJECT, Cast
from portal.tests.walk import Entry, all_entries

ENTRIES = all_entries()
GUARDED = [entry for entry in ENTRIES if entry.permission and not entry.is_listed]
API = [entry for entry in ENTRIES if entry.is_api]
WITH_OBJECT = [entry for entry in GUARDED + API if entry.parameters and entry.name not in NO_OBJECT]
FORBIDDEN_TO_VIEWERS = [entry for entry in GUARDED if entry.permission not in permissions_of("viewer")]


def each(entries: list[Entry]):
    return pytest.mark.parametrize("entry", entries, ids=lambda entry: entry.name)


@pytest.fixture
def cast(kingsway, acme, partnership) -> Cast:
    return Cast(kingsway, acme, partnership)


def ask(client, path: str):
    """The answer to GET, or to POST where the address takes no GET."""
    answer = client.get(path)
    return client.post(path) if answer.status_code == 405 else answer


def any_path(entry: Entry) -> str:
    """An address of this kind; what varies in it need not exist."""
    return entry.address(**dict.fromkeys(entry.parameters, 1))


@each([entry for entry in ENTRIES if not entry.is_listed])
def test_every_view_states_its_scope(entry):
    assert entry.permission or entry.area, (
        f"{entry.route}: use @requires, Guarded or scope_area, or list it in portal/public_urls.py"
    )


def test_the_list_of_public_addresses_names_each_address_once():
    listed = [*public_urls.PUBLIC, *public_urls.ANY_PERSON]
    assert len(listed) == len(set(listed))


@each(GUARDED)
def test_nobody_is_sent_to_the_login(entry, client, db):
    answer = ask(client, any_path(entry))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@each([entry for entry in ENTRIES if entry.name in public_urls.ANY_PERSON])
def test_nobody_is_sent_to_the_login_from_pages_for_any_person(entry, client, db):
    answer = client.post(any_path(entry))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@each(API)
def test_nobody_gets_a_401_from_the_api(entry, client, db):
    assert client.get(any_path(entry)).status_code == 401
    assert client.post(any_path(entry)).status_code == 401


@pytest.mark.row("S4-28")
@each(WITH_OBJECT)
def test_a_stranger_gets_404_for_what_its_owner_gets(entry, cast, stranger, login):
    assert entry.name in EXAMPLES, f"{entry.route}: add an example object to portal/tests/examples.py"
    example = EXAMPLES[entry.name](cast)
    path = entry.address(**example.values) + example.query
    assert ask(login(stranger), path).status_code == 404
    assert login(stranger).post(path, follow=True).status_code in {404, 405}
    insider = login(example.owner, user=example.user)
    assert ask(insider, path).status_code != 404


@each([entry for entry in ENTRIES if not entry.parameters and (entry.permission or entry.area)])
def test_a_stranger_reads_nothing_of_the_cast_on_pages_without_an_object(entry, cast, stranger, login):
    # Pages of components and guides tell of a Kingsway and an Acme of their own.
    for number, company in enumerate((cast.kingsway, cast.acme)):
        Company.objects.filter(pk=company.pk).update(name=f"Secret party {number}")
    answer = login(stranger).get(entry.address(), follow=True)
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert b"Secret party" not in text


def path_and_owner(entry: Entry, cast: Cast):
    """An address of an object of the cast, and the company that may see it."""
    if not entry.parameters:
        return entry.address(), cast.kingsway
    if entry.name in NO_OBJECT:
        return entry.address(**NO_OBJECT[entry.name]), cast.kingsway
    example = EXAMPLES[entry.name](cast)
    return entry.address(**example.values), example.owner


@each(FORBIDDEN_TO_VIEWERS)
def test_a_role_that_may_not_gets_403(entry, cast, login):
    path, owner = path_and_owner(entry, cast)
    assert ask(login(owner, "viewer"), path).status_code == 403


@each([entry for entry in GUARDED if entry.permission == Can.COMPANY])
def test_only_owners_and_admins_open_settings(entry, cast, login):
    path, owner = path_and_owner(entry, cast)
    for role in ("pricing", "operations", "viewer"):
        assert ask(login(owner, role), path).status_code == 403


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_staff_pages_are_closed_to_partners_people(role, kingsway, login):
    answer = login(kingsway, role).get("/admin/")
    assert answer.status_code == 302
    assert "/login/" in answer.url
