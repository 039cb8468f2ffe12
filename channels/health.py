"""Health: what we see of an integration. One function changes it, tells its owners once, and wakes what waited."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from channels.causes import Fix, cause_of
from channels.models import Health, Integration, Outbound
from channels.models.outbox import LIVE_STATES
from channels.problems import raise_problem, resolve
from portal.companies.models import Membership
from portal.companies.permissions import Can, permissions_of
from portal.lib import clock

NEEDS_PERSON = (Health.NEEDS_REAUTHORISATION, Health.MISCONFIGURED)
OK = (Health.HEALTHY, Health.CONNECTING)


def mark_healthy(integration: Integration) -> None:
    """Its store answers and takes what we send: clear the reason; if a person had to act before, say that it is back to normal."""
    if integration.health == Health.HEALTHY:
        return
    was_broken = integration.health in NEEDS_PERSON
    if not _change(integration, Health.HEALTHY):
        return
    resolve(
        integration=integration,
        record_type="integration",
        record_id=integration.pk,
        code__in=("credentials_rejected", "permission_missing", "another_store", "wrong_address", "setting_missing"),
        resolution="It works again.",
    )
    if was_broken:
        waiting = waiting_count(integration)
        mail_owners(
            integration,
            f"Back to normal: {integration.name}",
            f"{integration.name} works again. {waiting} waiting changes are being sent now; nothing was lost.",
        )


def mark_waiting(integration: Integration, *, code: str, sentence: str, retry_at: datetime | None) -> None:
    """Their side is down or throttling; we try again by ourselves."""
    if integration.health in OK or integration.health == Health.WAITING:
        _change(integration, Health.WAITING, code=code, sentence=sentence, retry_at=retry_at)


def mark_needs_person(integration: Integration, health: Health, *, code: str, sentence: str, detail: str = "") -> None:
    """Credentials, permission, address or setting: jobs stop, one problem, one mail, and the banner reads the row."""
    if not _change(integration, health, code=code, sentence=sentence):
        return
    raise_problem(
        integration.company_id,
        code,
        f"{integration.name}: {sentence}",
        integration=integration,
        record=integration,
        detail=detail,
    )
    action = cause_of(code).action
    waiting = waiting_count(integration)
    mail_owners(
        integration,
        f"{integration.name} needs you",
        f"{sentence} {waiting} changes are waiting; nothing is lost. {action}\n\n"
        f"{settings.PORTAL_URL}/integrations/{integration.pk}/{_page_for(code)}/",
    )


def _page_for(code: str) -> str:
    """Where a cause is mended: a setting is no reason to ask for a new key."""
    return "settings" if cause_of(code).fix is Fix.SETTINGS else "reauthorise"


def waiting_count(integration: Integration) -> int:
    """How many changes wait to be sent to this store."""
    return Outbound.objects.filter(integration=integration, state__in=LIVE_STATES).count()


def _change(
    integration: Integration, health: Health, *, code: str = "", sentence: str = "", retry_at: datetime | None = None
) -> bool:
    """Write the new health; True when it is really another one (two workers see the same break: one tells)."""
    row = Integration.objects.filter(pk=integration.pk).exclude(health=Health.REMOVED)
    facts = {"health_code": code, "health_reason": sentence[:400], "retry_at": retry_at}
    changed = row.exclude(health=health).update(health=health, health_changed_at=clock.now(), **facts)
    if not changed:
        row.update(**facts)
    integration.refresh_from_db(fields=["health", "health_code", "health_reason", "retry_at", "health_changed_at"])
    return bool(changed)


def mail_owners(integration: Integration, subject: str, text: str) -> None:
    """Write to everybody of its company who may mend it, once what is being done is stored."""
    members = Membership.objects.filter(company_id=integration.company_id).select_related("user")
    people = [m.user.email for m in members if Can.INTEGRATIONS.value in permissions_of(m.role)]
    if people:
        transaction.on_commit(lambda: send_mail(subject, text, None, people))
