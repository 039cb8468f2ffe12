"""The admin: its door, its policy, its actions."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from portal.companies.models import ApiKey, AuditEvent, User
from portal.companies.tests.factories import CompanyFactory, PartnershipFactory, UserFactory, make_key

pytestmark = pytest.mark.django_db
BACKEND = "portal.companies.backends.PersonBackend"


@pytest.fixture
def staff() -> User:
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def desk(staff: User) -> Client:
    """A browser in which staff are logged in."""
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client


def test_partners_people_are_sent_to_the_portals_login(client):
    client.force_login(UserFactory(), backend=BACKEND)
    answer = client.get("/admin/")
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_the_admins_own_login_page_cannot_be_reached(client):
    answer = client.get("/admin/login/")
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_staff_without_a_second_factor_are_led_to_setting_it_up(desk, settings):
    settings.ADMIN_NEEDS_SECOND_FACTOR = True
    assert desk.get("/admin/").url == reverse("mfa_activate_totp")


def test_staff_who_have_one_but_did_not_use_it_are_asked_for_it(desk, staff, settings):
    settings.ADMIN_NEEDS_SECOND_FACTOR = True
    TOTP.activate(staff, generate_totp_secret())
    assert desk.get("/admin/").url.startswith(reverse("mfa_reauthenticate"))


def test_a_session_with_a_second_factor_opens_the_admin(desk, staff, settings):
    settings.ADMIN_NEEDS_SECOND_FACTOR = True
    session = desk.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session["account_authentication_methods_user"] = str(staff.pk)
    session.save()
    assert desk.get("/admin/").status_code == 200


def test_the_secret_of_a_second_factor_is_not_readable_in_the_database(staff):
    secret = generate_totp_secret()
    factor = TOTP.activate(staff, secret).instance
    factor.refresh_from_db()
    assert secret not in str(factor.data)


def test_only_the_admin_may_run_inline_scripts(desk):
    assert "'unsafe-inline'" in desk.get("/admin/")["Content-Security-Policy"]
    assert "unsafe" not in desk.get("/profile/")["Content-Security-Policy"]
    assert "unsafe" not in desk.get("/accounts/login/", follow=True)["Content-Security-Policy"]


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model.__name__)
def test_every_list_of_the_admin_opens(desk, model):
    PartnershipFactory()
    make_key(CompanyFactory())
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    assert desk.get(path).status_code == 200


@pytest.mark.parametrize(
    "model",
    [model for model in admin.site._registry if model.__module__.startswith("portal")],
    ids=lambda m: m.__name__,
)
def test_no_page_of_a_record_shows_a_hash_or_password(desk, model, staff):
    partnership = PartnershipFactory(token_hash="a" * 64)
    make_key(partnership.supplier)
    row = model.objects.first()
    if row is None:
        return
    path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
    text = desk.get(path).content.decode()
    for secret in (staff.password, "a" * 64, ApiKey.objects.get().key_hash):
        assert secret not in text


def revoke(desk: Client, key: ApiKey, **extra: str):
    path = reverse("admin:companies_apikey_changelist")
    return desk.post(path, {"action": "revoke", "_selected_action": [key.pk], **extra}, follow=True)


def test_an_action_shows_what_it_touches_and_asks_why(desk):
    make_key(CompanyFactory())
    key = ApiKey.objects.get()
    page = revoke(desk, key).content.decode()
    assert str(key) in page
    assert "refused at once" in page
    key.refresh_from_db()
    assert key.revoked_at is None


def test_an_action_without_reason_does_nothing(desk):
    make_key(CompanyFactory())
    key = ApiKey.objects.get()
    assert "Say why" in revoke(desk, key, confirmed="yes", reason="").content.decode()
    key.refresh_from_db()
    assert key.revoked_at is None


def test_an_action_with_reason_is_done_and_the_company_can_read_why(desk, staff):
    company = CompanyFactory()
    make_key(company)
    key = ApiKey.objects.get()
    revoke(desk, key, confirmed="yes", reason="Leaked in a public repository")
    key.refresh_from_db()
    assert key.revoked_at
    event = AuditEvent.objects.get(company=company, action="staff.revoke")
    assert (event.reason, event.user, event.actor_kind) == ("Leaked in a public repository", staff, "staff")


def test_an_action_that_a_rule_refuses_leaves_no_trace_of_having_been_done(desk):
    partnership = PartnershipFactory(state="ended")
    path = reverse("admin:companies_partnership_changelist")
    data = {"action": "pause", "_selected_action": [partnership.pk], "confirmed": "yes", "reason": "By request"}
    assert "cannot become" in desk.post(path, data, follow=True).content.decode()
    assert not AuditEvent.objects.filter(action="staff.pause").exists()
