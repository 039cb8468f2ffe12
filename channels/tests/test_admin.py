"""Operations: staff see every record of channels, never a secret, and what they do needs a reason and is audited."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import mail
from django.test import Client
from django.urls import reverse
from django_q.models import Failure, OrmQ, Schedule, Success
from unfold.admin import ModelAdmin

from catalog.tests.factories import ListingFactory, ProductFactory, VariantFactory
from channels import models, schedules
from channels.models import (
    Health,
    Heartbeat,
    Integration,
    Outbound,
    OutboundKind,
    OutboundState,
    Problem,
    ProblemState,
    RateBudget,
    Receipt,
    ReceiptState,
    StepState,
    SyncRun,
    ValueMap,
)
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from portal.companies.models import AuditEvent, User
from portal.companies.models.audit import ActorKind
from portal.companies.tests.factories import MembershipFactory
from portal.lib import clock

pytestmark = pytest.mark.django_db
MODELS = list(apps.get_app_config("channels").get_models())


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("ops@example.com", "a-long-quiet-password"))
    return client


@pytest.fixture
def store(kingsway) -> Integration:
    return make_integration(kingsway, name="Kingsway store")


@pytest.fixture
def queued(monkeypatch) -> list[str]:
    """The steps and tasks that were queued."""
    wishes: list[str] = []
    monkeypatch.setattr("channels.dispatch.async_task", lambda name, *args, **more: wishes.append(args[1]))
    monkeypatch.setattr("channels.inbox.async_task", lambda name, *args, **more: wishes.append(name))
    return wishes


@pytest.fixture
def everything(store) -> None:
    """A row of nearly every model."""
    SyncRun.objects.create(integration=store, step="pull_orders", counts={"read": 3})
    Outbound.objects.create(integration=store, kind=OutboundKind.STOCK, record_id=1)
    Receipt.objects.create(integration=store, event_key="e1", topic="order")
    raise_problem(store.company, "sku_missing", "A mug has no SKU.", integration=store)
    ValueMap.objects.create(integration=store, area="status", theirs="11")
    RateBudget.objects.create(integration=store)
    Heartbeat.objects.create(cluster="trade")
    models.ConnectDraft.objects.create(company=store.company, kind="bigcommerce", held={"access_token": "draft-secret"})
    product, variant = ProductFactory(company=store.company), VariantFactory(product__company=store.company)
    models.ProductLink.objects.create(integration=store, product=product, remote_id="1")
    models.VariantLink.objects.create(integration=store, variant=variant, remote_id="1", remote_product_id="1")
    models.ListingLink.objects.create(integration=store, listing=ListingFactory(), remote_id="1", remote_product_id="1")


def act(client: Client, row, action: str, *, reason: str = "the owner called us"):
    """Choose a row, press the action, confirm it with a reason."""
    address = reverse(f"admin:channels_{row._meta.model_name}_changelist")
    chosen = {"action": action, "_selected_action": [row.pk]}
    assert "Reason" in client.post(address, chosen).content.decode()
    return client.post(address, {**chosen, "confirmed": "1", "reason": reason}, follow=True)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_staff_can_list_search_and_open_every_record(staff, everything, model):
    assert model in admin.site._registry
    name = f"admin:channels_{model._meta.model_name}"
    answer = staff.get(reverse(f"{name}_changelist"), {"q": "kingsway"})
    assert answer.status_code == 200
    if row := model.objects.first():
        page = staff.get(reverse(f"{name}_change", args=[row.pk]))
        assert page.status_code == 200
        assert b"draft-secret" not in page.content


def test_no_page_shows_a_secret(staff, store):
    for row in (store, store.credential):
        page = staff.get(reverse(f"admin:channels_{row._meta.model_name}_change", args=[row.pk])).content.decode()
        assert "secret-token" not in page
        assert store.hook_key not in page
    assert store.credential.fingerprint in page


@pytest.mark.parametrize("model", [Success, Failure, OrmQ, Schedule], ids=lambda model: model.__name__)
def test_the_queue_is_looked_at_with_the_same_look(staff, model):
    schedules.install()
    answer = staff.get(reverse(f"admin:django_q_{model._meta.model_name}_changelist"))
    assert answer.status_code == 200
    assert isinstance(admin.site._registry[model], ModelAdmin)


def test_of_a_schedule_only_the_next_run_can_be_changed(staff):
    schedules.install()
    row = Schedule.objects.get(name="dispatch_due")
    address = reverse("admin:django_q_schedule_change", args=[row.pk])
    staff.post(address, {"func": "os.system", "next_run_0": "2030-01-01", "next_run_1": "10:00:00"})
    row.refresh_from_db()
    assert row.func == "channels.jobs.dispatch_due"
    assert row.next_run.year == 2030


def test_the_list_of_integrations_tells_health_last_success_and_open_problems(staff, store):
    SyncRun.objects.create(integration=store, step="pull_stock", result="ok", finished_at=clock.now())
    raise_problem(store.company, "sku_missing", "A mug has no SKU.", integration=store)
    rows = staff.get(reverse("admin:channels_integration_changelist")).context["cl"].result_list
    assert rows[0].problem_count == 1
    assert rows[0].last_success_at is not None


def test_staff_sync_a_step_now_with_a_reason_in_the_companys_activity(staff, store, queued):
    act(staff, store, "sync_pull_stock")
    assert queued == ["pull_stock"]
    event = AuditEvent.objects.get(action="staff.sync_pull_stock")
    assert (event.company, event.reason, event.actor_kind) == (store.company, "the owner called us", ActorKind.STAFF)


def test_without_a_reason_nothing_happens(staff, store, queued):
    act(staff, store, "sync_pull_stock", reason="")
    assert queued == []
    assert not AuditEvent.objects.filter(action__startswith="staff.").exists()


def test_staff_pause_and_resume_an_integration(staff, store, queued):
    act(staff, store, "disable")
    store.refresh_from_db()
    assert not store.enabled
    act(staff, store, "enable")
    store.refresh_from_db()
    assert store.enabled


def test_a_paused_integration_is_not_synced_and_staff_read_why(staff, store, queued):
    Integration.objects.update(enabled=False)
    answer = act(staff, store, "sync_pull_stock")
    assert "is paused" in answer.content.decode()
    assert queued == []


def test_asking_to_reauthorise_stops_it_and_mails_the_link(staff, store, django_capture_on_commit_callbacks):
    owner = MembershipFactory(company=store.company).user
    with django_capture_on_commit_callbacks(execute=True):
        act(staff, store, "reauthorise")
    store.refresh_from_db()
    assert store.health == Health.NEEDS_REAUTHORISATION
    assert mail.outbox[0].to == [owner.email]
    assert f"/integrations/{store.pk}/reauthorise/" in mail.outbox[0].body


def test_a_refused_change_is_retried_as_a_new_row(staff, store, queued):
    row = Outbound.objects.create(integration=store, kind=OutboundKind.STOCK, record_id=1, state=OutboundState.REFUSED)
    act(staff, row, "retry")
    assert (
        Outbound.objects.filter(record_id=1).order_by("pk").values_list("state", flat=True)[1] == OutboundState.WAITING
    )


def test_a_confirmed_change_is_left_alone(staff, store, queued):
    row = Outbound.objects.create(
        integration=store, kind=OutboundKind.STOCK, record_id=1, state=OutboundState.CONFIRMED
    )
    assert "nothing to try again" in act(staff, row, "retry").content.decode()
    assert Outbound.objects.count() == 1


def test_what_a_dead_worker_left_is_looked_up_before_it_is_sent_again(staff, store, queued):
    long_ago = clock.now() - timedelta(hours=1)
    row = Outbound.objects.create(
        integration=store, kind=OutboundKind.STOCK, record_id=1, state=OutboundState.SENDING, sending_since=long_ago
    )
    act(staff, row, "take_up_stale")
    row.refresh_from_db()
    assert row.state == OutboundState.UNKNOWN


def test_a_step_that_a_living_worker_holds_is_not_taken(staff, store):
    row = StepState.objects.filter(step="pull_stock").get()
    StepState.objects.filter(pk=row.pk).update(lease_owner="w1", lease_until=clock.after(60))
    act(staff, row, "free_lease")
    row.refresh_from_db()
    assert row.lease_owner == "w1"


def test_a_failed_webhook_is_handled_again(staff, store, queued):
    row = Receipt.objects.create(
        integration=store, event_key="e1", topic="order", state=ReceiptState.FAILED, attempts=8
    )
    act(staff, row, "handle")
    row.refresh_from_db()
    assert (row.state, row.attempts) == (ReceiptState.WAITING, 0)
    assert queued == ["channels.jobs.handle_receipts"]


def test_staff_close_a_problem(staff, store):
    row = raise_problem(store.company, "our_mistake", "Stock broke.", integration=store)
    act(staff, row, "close")
    assert Problem.objects.get().state == ProblemState.RESOLVED


def test_a_page_of_integrations_costs_few_queries(staff, kingsway, django_assert_max_num_queries):
    for number in range(20):
        make_integration(kingsway, name=f"Store {number}")
    with django_assert_max_num_queries(15):
        staff.get(reverse("admin:channels_integration_changelist"))
