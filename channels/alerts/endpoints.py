"""Endpoints: made, changed, switched, given a new secret, tried and removed; everything is in the company's activity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from channels.alerts import events, waking
from channels.alerts.secrets import OVERLAP, new_secret, sealed
from channels.alerts.targets import clean_url
from channels.models import AlertRule, Delivery, ErrandState, WebhookEndpoint
from channels.problems import resolve_record
from portal.companies import audit
from portal.companies.models import Company, User
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError

MOST = 20
TEST_EVERY = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Issued:
    """An endpoint and its new secret, to be shown once."""

    endpoint: WebhookEndpoint
    secret: str


@transaction.atomic
def create(company: Company, *, name: str, url: str, by: User | None) -> Issued:
    """Make an endpoint. Raises DomainError for an address that we do not call or too many endpoints, Conflict for a name that is taken."""
    _refuse_taken(company, name)
    if company.webhook_endpoints.filter(removed_at=None).count() >= MOST:
        raise DomainError(f"{MOST} webhooks are the most. Remove one that is not needed any more.")
    secret = new_secret()
    endpoint = WebhookEndpoint.objects.create(
        company=company, name=name.strip(), url=clean_url(url), secret=sealed(company.pk, secret)
    )
    _note(endpoint, "webhook.created", f"The webhook {endpoint} to {endpoint.url} was made.", by)
    return Issued(endpoint, secret)


@transaction.atomic
def change(endpoint: WebhookEndpoint, *, name: str, url: str, by: User | None) -> None:
    """Give it another name or address. Raises as ``create`` does."""
    _refuse_taken(endpoint.company, name, but=endpoint)
    endpoint.name, endpoint.url = name.strip(), clean_url(url)
    endpoint.save(update_fields=["name", "url"])
    _note(endpoint, "webhook.changed", f"The webhook {endpoint} goes to {endpoint.url} now.", by)


@transaction.atomic
def switch(endpoint: WebhookEndpoint, *, enabled: bool, by: User | None) -> None:
    """Send to it, or not. While it is off events are not kept for it; what waited before goes out when it is on again."""
    if not WebhookEndpoint.objects.filter(pk=endpoint.pk, enabled=not enabled).update(enabled=enabled):
        return
    endpoint.enabled = enabled
    if enabled:
        waking.wake_endpoint(endpoint.pk)
    _note(endpoint, "webhook.switched", f"The webhook {endpoint} was switched {'on' if enabled else 'off'}.", by)


@transaction.atomic
def rotate(endpoint: WebhookEndpoint, *, by: User | None) -> Issued:
    """A new secret. For a day the old one signs beside it, so that nothing is lost while receivers change over; an older one ends at once."""
    secret = new_secret()
    endpoint.old_secret, endpoint.old_secret_until = endpoint.secret, clock.now() + OVERLAP
    endpoint.secret = sealed(endpoint.company_id, secret)
    endpoint.save(update_fields=["secret", "old_secret", "old_secret_until"])
    _note(endpoint, "webhook.rotated", f"The webhook {endpoint} got a new secret.", by)
    return Issued(endpoint, secret)


@transaction.atomic
def remove(endpoint: WebhookEndpoint, *, by: User | None) -> None:
    """Send it nothing more and destroy its secrets; its log stays. Twice changes nothing."""
    facts = {"removed_at": clock.now(), "enabled": False, "secret": {}, "old_secret": None}
    if not WebhookEndpoint.objects.filter(pk=endpoint.pk, removed_at=None).update(**facts):
        return
    AlertRule.objects.filter(endpoint=endpoint).update(endpoint=None)
    endpoint.deliveries.filter(state=ErrandState.WAITING).update(
        state=ErrandState.FAILED, finished_at=clock.now(), last_answer="The webhook was removed."
    )
    resolve_record(endpoint, by=by, resolution="The webhook was removed.", code="webhook_failing")
    _note(endpoint, "webhook.removed", f"The webhook {endpoint} was removed.", by)


@transaction.atomic
def send_test(endpoint: WebhookEndpoint, *, rule: AlertRule | None = None) -> Delivery:
    """Send a test event. Raises DomainError when it is off, Conflict when one was sent a moment ago."""
    if not endpoint.enabled or endpoint.removed_at:
        raise DomainError(f"{endpoint.name} is switched off. Switch it on first.")
    now = clock.now()
    if endpoint.deliveries.filter(event=events.TEST, created_at__gt=now - TEST_EVERY).exists():
        raise Conflict("A test was sent a moment ago. Look at the log, then try again.")
    body = events.envelope(events.TEST, events.test_data(rule), at=now)
    row = Delivery.objects.create(endpoint=endpoint, event=events.TEST, body=body)
    waking.wake_endpoint(endpoint.pk)
    return row


def _refuse_taken(company: Company, name: str, *, but: WebhookEndpoint | None = None) -> None:
    others = company.webhook_endpoints.filter(removed_at=None, name=name.strip())
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise Conflict(f"A webhook called {name.strip()} exists already. Choose another name.", field="name")


def _note(endpoint: WebhookEndpoint, action: str, sentence: str, by: User | None) -> None:
    audit.record(endpoint.company, action, target=endpoint, sentence=sentence, user=by)
