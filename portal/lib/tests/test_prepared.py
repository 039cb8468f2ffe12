"""Statements made once answer as the query set they were made from, for whoever asks."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models.functions import Length

from portal.companies.models import Company, Membership, Role, User
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


def test_objects_are_those_of_the_query_set_with_all_that_was_asked_beside_them(companies):
    person = User.objects.create_user("ada@example.com", None, name="Ada")
    for company in companies:
        Membership.objects.create(company=company, user=person, role=Role.OWNER)
    rows = Membership.objects.select_related("company", "user").annotate(letters=Length("company__name"))
    own = Prepared(lambda user: rows.filter(user=user).order_by("-pk"))
    read, expected = own.objects(user=person.pk), list(rows.order_by("-pk"))
    assert read == expected
    for one, other in zip(read, expected, strict=True):
        assert one.company.created_at == other.company.created_at
        assert (one.user, one.role, one.letters) == (person, Role.OWNER, other.letters)
    assert own.objects(user=person.pk, limit=1) == expected[:1]


def test_objects_need_no_further_query_and_can_be_saved(companies, django_assert_num_queries):
    person = User.objects.create_user("ada@example.com", None, name="Ada")
    Membership.objects.create(company=companies[0], user=person, role=Role.OWNER)
    own = Prepared(lambda user: Membership.objects.filter(user=user).select_related("company"))
    with django_assert_num_queries(1):
        (membership,) = own.objects(user=person.pk)
        assert membership.company.name == "Anders"
    membership.company.name = "Andersen"
    membership.company.save()
    assert Company.objects.filter(name="Andersen").count() == 1


def test_a_query_set_of_values_gives_no_objects(companies):
    names = Prepared(lambda above: Company.objects.filter(pk__gte=above).values_list("name"))
    with pytest.raises(TypeError, match="values"):
        names.objects(above=0)


def test_a_moment_is_an_argument_like_any_other(companies):
    since = Prepared(
        lambda moment, company: Company.objects.filter(created_at__gt=moment, pk=company).values_list("pk"),
        moments=("moment",),
    )
    one = companies[1]
    before, after = one.created_at - timedelta(microseconds=1), one.created_at + timedelta(microseconds=1)
    assert since.rows(moment=before, company=one.pk) == [(one.pk,)]
    assert since.rows(moment=after, company=one.pk) == []
    assert since.rows(moment=before.astimezone(ZoneInfo("Asia/Tokyo")), company=one.pk) == [(one.pk,)]


def test_many_ids_are_one_argument(companies):
    among = Prepared(lambda ids, above: Company.objects.filter(pk__in=ids, pk__gte=above).order_by("pk"), ids=("ids",))
    wanted = [companies[2].pk, companies[0].pk]
    assert among.objects(ids=wanted, above=0) == [companies[0], companies[2]]
    assert among.objects(ids=set(wanted), above=companies[1].pk) == [companies[2]]
    assert among.objects(ids=[], above=0) == []
