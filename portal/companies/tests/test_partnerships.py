"""Invited, accepted, paused, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.companies.models import AuditEvent, Company, CompanyKind, Partnership, PartnershipState
from portal.companies.services import (
    accept_partnership,
    end_partnership,
    find_partner_invitation,
    invite_partner,
    pause_partnership,
    resume_partnership,
    update_company,
)
from portal.companies.signals import partnership_accepted, partnership_changed
from portal.companies.tests.factories import PartnershipFactory, RetailerFactory, SupplierFactory, UserFactory
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError, InvalidMove, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def kingsway():
    return SupplierFactory(name="Kingsway Giftware")


@pytest.fixture
def acme():
    return RetailerFactory(name="Acme Outdoor")


@pytest.fixture
def heard():
    """What the signals said, in order."""
    said = []
    on_accept = lambda **kw: said.append(("accepted", kw["partnership"].pk))  # noqa: E731
    on_change = lambda **kw: said.append((kw["before"], kw["partnership"].state))  # noqa: E731
    partnership_accepted.connect(on_accept)
    partnership_changed.connect(on_change)
    yield said
    partnership_accepted.disconnect(on_accept)
    partnership_changed.disconnect(on_change)


def by_mail(company, **fields):
    return invite_partner(company, as_role="supplier", by=UserFactory(), email="buyer@acme.example", **fields)


def test_the_invited_company_takes_the_missing_side(kingsway, acme, heard):
    invited = by_mail(kingsway)
    accepted = accept_partnership(find_partner_invitation(invited.token), company=acme, by=None)
    assert (accepted.supplier, accepted.retailer, accepted.state) == (kingsway, acme, "accepted")
    assert heard == [("accepted", accepted.pk)]


def test_nothing_trades_before_it_is_accepted(kingsway, acme):
    partnership = invite_partner(kingsway, as_role="supplier", by=None, other=acme).partnership
    assert not partnership.is_trading


def test_the_mail_says_who_invites_and_brings_the_message(kingsway, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invited = by_mail(kingsway, message="Happy to trade with you")
    mail = mailoutbox[0]
    assert mail.to == ["buyer@acme.example"]
    assert invited.token in mail.body
    assert "Happy to trade with you" in mail.body
    assert "Kingsway Giftware" in mail.subject


def test_the_inviter_cannot_accept_its_own_invitation(kingsway):
    with pytest.raises(NotAllowed, match="Your partner accepts it"):
        accept_partnership(by_mail(kingsway).partnership, company=kingsway, by=None)


def test_an_invitation_that_names_a_company_is_for_nobody_else(kingsway, acme):
    partnership = invite_partner(kingsway, as_role="supplier", by=None, other=acme).partnership
    with pytest.raises(NotAllowed, match="another company"):
        accept_partnership(partnership, company=RetailerFactory(), by=None)


def test_a_supplier_cannot_accept_the_retailers_side_and_reads_how_to(kingsway):
    with pytest.raises(DomainError, match="not set up as a retailer.*Settings › Company"):
        accept_partnership(by_mail(kingsway).partnership, company=SupplierFactory(), by=None)


@pytest.mark.row("S5-53")
def test_a_sandbox_company_never_trades_with_a_live_one(kingsway):
    sandbox = RetailerFactory(is_sandbox=True)
    with pytest.raises(NotAllowed, match="never trade"):
        invite_partner(kingsway, as_role="supplier", by=None, other=sandbox)
    with pytest.raises(NotAllowed, match="never trade"):
        accept_partnership(by_mail(kingsway).partnership, company=sandbox, by=None)


def test_two_companies_have_one_live_partnership(kingsway, acme):
    PartnershipFactory(supplier=kingsway, retailer=acme)
    with pytest.raises(Conflict, match="partners already"):
        invite_partner(kingsway, as_role="supplier", by=None, other=acme)


def test_after_the_end_they_can_begin_again(kingsway, acme):
    old = PartnershipFactory(supplier=kingsway, retailer=acme)
    end_partnership(old, company=acme, by=None)
    invite_partner(kingsway, as_role="supplier", by=None, other=acme)
    assert Partnership.objects.count() == 2


def test_the_same_address_is_not_invited_twice(kingsway):
    by_mail(kingsway)
    with pytest.raises(Conflict, match="invited buyer@acme.example already"):
        by_mail(kingsway)


def test_an_invitation_expires(kingsway):
    invited = by_mail(kingsway)
    Partnership.objects.update(created_at=clock.now() - timedelta(days=15))
    with pytest.raises(DomainError, match="expired"):
        find_partner_invitation(invited.token)


def test_a_withdrawn_invitation_says_so(kingsway):
    invited = by_mail(kingsway)
    end_partnership(invited.partnership, company=kingsway, by=None)
    with pytest.raises(DomainError, match="withdrawn"):
        find_partner_invitation(invited.token)


def test_pausing_and_resuming_announces_both(heard):
    partnership = PartnershipFactory()
    paused = pause_partnership(partnership, company=partnership.retailer, by=None, reason="Stocktaking")
    resume_partnership(paused, company=partnership.supplier, by=None)
    assert heard == [("accepted", "paused"), ("paused", "accepted")]
    assert AuditEvent.objects.filter(company=partnership.supplier, reason="Stocktaking").exists()


def test_an_ended_partnership_stays_ended():
    partnership = PartnershipFactory(state=PartnershipState.ENDED)
    with pytest.raises(InvalidMove, match="cannot become"):
        pause_partnership(partnership, company=partnership.supplier, by=None)


def test_a_stranger_cannot_end_a_partnership():
    with pytest.raises(NotAllowed, match="other companies"):
        end_partnership(PartnershipFactory(), company=RetailerFactory(), by=None)


def test_both_sides_keep_the_story(kingsway, acme):
    partnership = invite_partner(kingsway, as_role="supplier", by=None, other=acme).partnership
    accept_partnership(partnership, company=acme, by=None)
    for company in Company.objects.filter(pk__in=[kingsway.pk, acme.pk]):
        assert AuditEvent.objects.filter(company=company, action="partnership.accepted").count() == 1


def test_a_trading_supplier_cannot_become_only_a_retailer(kingsway):
    PartnershipFactory(supplier=kingsway)
    with pytest.raises(DomainError, match="still trades as a supplier"):
        update_company(kingsway, by=None, kind=CompanyKind.RETAILER)
