"""The partners list and the page of one partnership."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.companies import notices
from portal.companies.models import Partnership
from portal.companies.notices import Notice
from portal.companies.services import invite_partner
from portal.companies.tests.factories import PartnershipFactory, RetailerFactory


@pytest.fixture(autouse=True)
def no_hooks(monkeypatch):
    monkeypatch.setattr(notices, "_hooks", {})


def show(client, **query):
    return client.get(reverse("partners"), query).content.decode()


def test_each_side_reads_the_others_name(login, kingsway, acme, partnership):
    assert "Acme Outdoor" in show(login(kingsway))
    assert "Kingsway Giftware" in show(login(acme))


def test_an_invited_address_stands_for_a_company_that_does_not_exist_yet(login, kingsway):
    invite_partner(kingsway, as_role="supplier", by=None, email="buyer@lantern.example", name="Lantern & Co")
    assert "Lantern &amp; Co" in show(login(kingsway))


def test_an_invitation_that_waits_for_us_is_marked_and_one_that_we_sent_is_not(login, kingsway, acme):
    invite_partner(kingsway, as_role="supplier", by=None, other=acme)
    assert "Needs you" in show(login(acme), tab="waiting")
    assert "No partners yet" in show(login(kingsway), tab="waiting") or "Nothing" in show(
        login(kingsway), tab="waiting"
    )
    assert "Acme Outdoor" in show(login(kingsway))


@pytest.mark.row("S4-24")
def test_what_a_partnership_lacks_is_said_where_partners_are_listed(login, kingsway, partnership):
    sentence = "No price list is assigned to Acme Outdoor: they see 0 products."
    notices.register("test", lambda company, rows: {row.pk: [Notice(sentence, "/prices/", "Assign")] for row in rows})
    assert sentence in show(login(kingsway))
    assert sentence in login(kingsway).get(partnership.get_absolute_url()).content.decode()


def test_search_finds_partners_by_name(login, kingsway, partnership):
    PartnershipFactory(supplier=kingsway, retailer__name="Northwind Home")
    page = show(login(kingsway), q="north")
    assert "Northwind Home" in page
    assert "Acme Outdoor" not in page


def queries_of(client) -> int:
    with CaptureQueriesContext(connection) as queries:
        show(client)
    return len(queries)


def test_forty_partners_cost_as_many_queries_as_one(login, kingsway, partnership):
    client = login(kingsway)
    show(client)
    alone = queries_of(client)
    others = [RetailerFactory() for _ in range(40)]
    Partnership.objects.bulk_create(
        Partnership(supplier=kingsway, retailer=other, inviter=kingsway, state="accepted") for other in others
    )
    assert queries_of(client) == alone


def test_the_export_holds_names_and_states(login, kingsway, partnership):
    answer = login(kingsway).get(reverse("partners"), {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()
    assert "Acme Outdoor" in text
    assert "Trading" in text


def test_pausing_says_what_it_means_and_both_sides_see_it(login, kingsway, acme, partnership):
    page = login(acme).post(reverse("partner-pause", args=[partnership.pk]), follow=True).content.decode()
    assert "Listings show no stock" in page
    assert "Paused" in login(kingsway).get(partnership.get_absolute_url()).content.decode()


def test_a_viewer_sees_partners_and_no_buttons(login, kingsway, partnership):
    page = login(kingsway, "viewer").get(partnership.get_absolute_url()).content.decode()
    assert "Acme Outdoor" in page
    assert "End partnership" not in page


def test_inviting_is_answered_on_the_form_when_a_rule_says_no(login, kingsway):
    client = login(kingsway)
    form = {"email": "buyer@acme.example", "as_role": "supplier"}
    client.post(reverse("partner-invite"), form)
    page = client.post(reverse("partner-invite"), form).content.decode()
    assert "invited buyer@acme.example already" in page
