"""From the sign-up card to a company with an owner."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from portal.companies.models import Company, Membership, Partnership, Role, SignUp, User
from portal.companies.services import invite_partner, invite_person, withdraw_invitation
from portal.companies.services.zones import adopt_store_zone
from portal.companies.tests.factories import PASSWORD, MembershipFactory, SupplierFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("two_platforms")]

CARD = {
    "company": "Kingsway Giftware",
    "email": "priya@kingsway.example",
    "password1": PASSWORD,
    "kind": "supplier",
    "platform": "shift4shop",
    "store_address": "kingsway.3dcartstores.com",
}


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), {**CARD, **changes})


def confirm(client, mailoutbox):
    link = re.search(r"https?://\S+/accounts/confirm-email/\S+/", mailoutbox[-1].body)[0]
    return client.post(re.sub(r"https?://[^/]+", "", link))


@pytest.mark.row("S1-03", "S1-04")
def test_the_card_offers_the_platforms_and_asks_the_secure_url_of_the_chosen_one(client):
    page = client.get(reverse("account_signup")).content.decode()
    assert "Shift4Shop" in page
    assert "was 3dcart" in page
    part = client.get(reverse("sign-up-address"), {"platform": "shift4shop"}).content.decode()
    assert "Secure URL" in part
    assert "Not the address your customers see" in part


def test_a_platform_without_store_asks_no_address(client):
    part = client.get(reverse("sign-up-address"), {"platform": "none"}).content.decode()
    assert "<input" not in part


@pytest.mark.row("S1-06")
def test_a_shop_front_is_warned_about_but_not_blocked(client):
    query = {"platform": "shift4shop", "store_address": "kingswaygifts.co.uk"}
    assert "looks like your shop front" in client.get(reverse("sign-up-address"), query).content.decode()
    answer = sign_up(client, store_address="kingswaygifts.co.uk", address_seen="kingswaygifts.co.uk")
    assert answer.status_code == 302
    assert SignUp.objects.get().store_address == "kingswaygifts.co.uk"


@pytest.mark.row("S1-08")
def test_a_pasted_address_is_shown_back_cleaned_before_it_is_saved(client):
    pasted = " HTTPS://Kingsway.3dcartstores.com/admin/ "
    first = sign_up(client, store_address=pasted)
    assert "We read this as kingsway.3dcartstores.com" in first.content.decode()
    assert not User.objects.exists()
    sign_up(client, store_address="kingsway.3dcartstores.com", address_seen="kingsway.3dcartstores.com")
    assert SignUp.objects.get().store_address == "kingsway.3dcartstores.com"


def test_an_address_that_cannot_be_one_is_refused_with_the_reason(client):
    page = sign_up(client, store_address="me@kingsway.example").content.decode()
    assert "This is an e-mail address." in page
    assert not User.objects.exists()


def test_a_store_platform_without_address_says_what_to_do(client):
    assert "choose “No store”" in sign_up(client, store_address="").content.decode()


def test_no_company_exists_before_the_address_is_proved(client):
    sign_up(client)
    assert not Company.objects.exists()


@pytest.mark.row("S4-01", "S4-05")
def test_after_the_link_in_the_mail_the_person_owns_the_company_with_its_platform(client, mailoutbox):
    sign_up(client, platform="bigcommerce")
    confirm(client, mailoutbox)
    membership = Membership.objects.get()
    assert (membership.role, membership.user.email) == (Role.OWNER, CARD["email"])
    company = membership.company
    assert (company.name, company.kind, company.platform) == ("Kingsway Giftware", "supplier", "bigcommerce")
    assert company.store_address == "kingsway.3dcartstores.com"


def test_following_the_link_twice_makes_one_company(client, mailoutbox):
    sign_up(client)
    confirm(client, mailoutbox)
    confirm(client, mailoutbox)
    assert Company.objects.count() == 1


def test_an_address_that_has_a_login_is_not_told_to_a_stranger(client, mailoutbox):
    MembershipFactory(user__email=CARD["email"])
    answer = sign_up(client)
    assert answer.status_code == 302
    assert User.objects.count() == 1


def test_an_invited_person_joins_without_a_second_mail(client, mailoutbox):
    owner = MembershipFactory(company__name="Kingsway Giftware")
    invited = invite_person(owner.company, email="sam@kingsway.example", role=Role.PRICING, by=owner.user)
    client.get(reverse("invitation", args=[invited.token]))
    page = client.get(reverse("account_signup")).content.decode()
    assert str(owner.user) in page
    assert 'value="sam@kingsway.example"' in page
    client.post(reverse("account_signup"), {"email": "sam@kingsway.example", "password1": PASSWORD})
    assert Membership.objects.get(user__email="sam@kingsway.example").role == Role.PRICING
    assert not mailoutbox


def test_an_invitation_to_work_here_is_for_its_address_only(client):
    owner = MembershipFactory()
    invited = invite_person(owner.company, email="sam@kingsway.example", role=Role.PRICING, by=owner.user)
    client.get(reverse("invitation", args=[invited.token]))
    answer = client.post(reverse("account_signup"), {"email": "eve@elsewhere.example", "password1": PASSWORD})
    assert "was sent to sam@kingsway.example" in answer.content.decode()
    assert not User.objects.filter(email="eve@elsewhere.example").exists()


def test_an_invitation_withdrawn_before_confirming_leaves_no_access(client, mailoutbox):
    owner = MembershipFactory()
    invited = invite_person(owner.company, email="sam@kingsway.example", role=Role.PRICING, by=owner.user)
    client.get(reverse("invitation", args=[invited.token]))
    withdraw_invitation(invited.invitation, by=owner.user)
    client.post(reverse("account_signup"), {"email": "sam@kingsway.example", "password1": PASSWORD})
    assert not Membership.objects.filter(user__email="sam@kingsway.example").exists()


def test_a_company_that_signs_up_by_a_partners_link_trades_at_once(client):
    kingsway = SupplierFactory(name="Kingsway Giftware")
    invited = invite_partner(kingsway, as_role="supplier", by=None, email="buyer@acme.example", name="Acme Outdoor")
    client.get(reverse("partner-invitation", args=[invited.token]))
    page = client.get(reverse("account_signup")).content.decode()
    assert "Kingsway Giftware" in page
    assert 'value="Acme Outdoor"' in page
    sign_up(client, company="Acme Outdoor", email="buyer@acme.example", kind="retailer", platform="none")
    partnership = Partnership.objects.get()
    assert (partnership.state, partnership.retailer.name) == ("accepted", "Acme Outdoor")


def test_an_invited_retailer_cannot_sign_up_as_a_supplier_only(client):
    invited = invite_partner(SupplierFactory(), as_role="supplier", by=None, email="buyer@acme.example")
    client.get(reverse("partner-invitation", args=[invited.token]))
    assert "invited as a retailer" in sign_up(client, platform="none").content.decode()


@pytest.mark.parametrize("name", ["invitation", "partner-invitation"])
def test_an_unknown_link_gets_a_sentence(client, name):
    answer = client.get(reverse(name, args=["nonsense"]))
    assert answer.status_code == 410
    assert "do not know this invitation" in answer.content.decode()


def test_our_mails_and_bars_speak_our_words(client, mailoutbox):
    sign_up(client)
    assert mailoutbox[-1].subject == "Confirm your e-mail address"
    assert mailoutbox[-1].body.startswith("Somebody, we hope you, signed up to Tradelane")
    page = client.get(confirm(client, mailoutbox).url).content.decode()
    assert "priya@kingsway.example is confirmed." in page
    assert "Successfully" not in page


def test_who_signs_up_twice_or_forgets_the_password_gets_a_mail_that_says_what_to_do(client, mailoutbox):
    MembershipFactory(user__email=CARD["email"])
    sign_up(client)
    client.post(reverse("account_reset_password"), {"email": CARD["email"]})
    exists, reset = mailoutbox
    assert exists.subject == "You have a login already"
    assert reset.subject == "Set a new password"
    assert all("/accounts/password/reset/" in mail.body and "Hello from" not in mail.body for mail in mailoutbox)


# --- in which zone ----------------------------------------------------------------------------------------------------------


def test_a_new_company_and_its_owner_are_in_the_zone_of_their_browser(client, mailoutbox):
    sign_up(client, time_zone="America/New_York")
    confirm(client, mailoutbox)
    assert Company.objects.get().time_zone == "America/New_York"
    assert User.objects.get().time_zone == "America/New_York"


@pytest.mark.parametrize("told", ["", "Mars/Olympus", "GMT+1", "../../etc/passwd", "x" * 65])
def test_a_zone_that_cannot_be_one_does_not_stop_anybody(client, mailoutbox, told):
    assert sign_up(client, time_zone=told[:64]).status_code == 302
    confirm(client, mailoutbox)
    assert Company.objects.get().time_zone == Company._meta.get_field("time_zone").default


def test_where_the_browser_told_nothing_the_first_store_tells_the_zone(client, mailoutbox):
    sign_up(client)
    confirm(client, mailoutbox)
    company = Company.objects.get()
    assert adopt_store_zone(company, "Europe/Berlin")
    assert Company.objects.get().time_zone == User.objects.get().time_zone == "Europe/Berlin"
    assert not adopt_store_zone(company, "Asia/Tokyo")
    assert Company.objects.get().time_zone == "Europe/Berlin"


def test_a_zone_that_was_told_is_never_taken_from_a_store(client, mailoutbox):
    sign_up(client, time_zone="Europe/London")
    confirm(client, mailoutbox)
    assert not adopt_store_zone(Company.objects.get(), "Asia/Tokyo")
    assert Company.objects.get().time_zone == "Europe/London"
