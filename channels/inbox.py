"""Webhooks: verified, stored, deduplicated and answered at once; the record is then fetched from its source."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from django.core.cache import cache
from django.db.models import F
from django_q.tasks import async_task

from channels import credentials
from channels.contract import Hook, Topic
from channels.errors import ChannelError, NotFound, UnexpectedPayload
from channels.models import Integration, Receipt, ReceiptState
from channels.registry import connector_class
from channels.session import app_of, open_connector
from channels.sync import one_record
from portal.lib import clock

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 8
# A wish whose task was lost is wished again after so long; the dispatcher looks too.
WISH_SECONDS = 30


class Unproven(Exception):
    """The sender did not prove itself."""


def receive(integration: Integration, *, body: bytes, headers: Mapping[str, str]) -> int:
    """Keep the hints of one webhook; how many were new. Raises Unproven and UnexpectedPayload."""
    connector = connector_class(integration.kind)
    secrets = credentials.read(integration)
    app = app_of(integration.kind, is_sandbox=integration.is_sandbox)
    if not connector.verify_hook(body=body, headers=headers, credentials=secrets, app=app):
        raise Unproven("The signature does not fit.")
    hooks = connector.parse_hook(body=body, headers=headers)
    new = _keep(integration, hooks)
    Integration.objects.filter(pk=integration.pk).update(hooks_seen_at=clock.now())
    if new and integration.is_live and not integration.needs_person:
        wake(integration.pk)
    return new


def wake(integration_id: int) -> None:
    """Queue the handling of waiting webhooks, once: a burst of them is one task."""
    if cache.add(_wish(integration_id), 1, timeout=WISH_SECONDS):
        async_task(
            "channels.jobs.handle_receipts", integration_id, cluster="trade", task_name=f"receipts {integration_id}"
        )


def _wish(integration_id: int) -> str:
    return f"receipts-queued-{integration_id}"


def _keep(integration: Integration, hooks: list[Hook] | tuple[Hook, ...]) -> int:
    """Store what is new; a repeated event only counts."""
    keys = [hook.event_id for hook in hooks]
    known = set(Receipt.objects.filter(integration=integration, event_key__in=keys).values_list("event_key", flat=True))
    state = ReceiptState.WAITING if integration.is_live else ReceiptState.PARKED
    reopened = _note_repeats(integration, known, state)
    fresh = {
        hook.event_id: Receipt(
            integration=integration,
            event_key=hook.event_id[:80],
            topic=hook.topic,
            remote_id=hook.remote_id[:80],
            state=state,
        )
        for hook in hooks
        if hook.event_id not in known
    }
    Receipt.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    return len(fresh) + reopened


def _note_repeats(integration: Integration, keys: set[str], state: ReceiptState) -> int:
    """Count repeated events; those whose record was fetched already are fetched once more.

    Two changes within one second may carry the same event id, and fetching a record again changes nothing when nothing changed.
    """
    repeated = Receipt.objects.filter(integration=integration, event_key__in=keys)
    repeated.update(repeats=F("repeats") + 1)
    return repeated.filter(state=ReceiptState.DONE).update(state=state, handled_at=None)


def handle_waiting(integration_id: int, *, most: int = 200) -> int:
    """Fetch what the waiting webhooks of an integration hint at, each record once; how many receipts were closed."""
    cache.delete(_wish(integration_id))
    integration = Integration.objects.select_related("company").filter(pk=integration_id).first()
    if integration is None or not integration.is_live or integration.needs_person:
        return 0
    waiting = Receipt.objects.filter(
        integration=integration, state__in=(ReceiptState.WAITING, ReceiptState.PARKED)
    ).order_by("id")
    groups: dict[tuple[str, str], list[int]] = {}
    for receipt in waiting[:most]:
        groups.setdefault((receipt.topic, receipt.remote_id), []).append(receipt.pk)
    if not groups:
        return 0
    connector = open_connector(integration)
    done = 0
    for (topic, remote_id), ids in groups.items():
        sentence, state = _handle(integration, connector, Topic(topic), remote_id)
        done += _close(ids, sentence, state)
    return done


def _handle(integration: Integration, connector, topic: Topic, remote_id: str) -> tuple[str, ReceiptState]:
    """What came of fetching one record, as a sentence and the receipts' new state."""
    try:
        return one_record.fetch(integration, connector, topic, remote_id), ReceiptState.DONE
    except NotFound:
        return "The store does not have this record any more.", ReceiptState.DONE
    except UnexpectedPayload as error:
        return error.message, ReceiptState.FAILED
    except ChannelError as error:
        log.info("receipt waits", extra={"data": {"integration": integration.pk, "code": error.code}})
        return error.message, ReceiptState.WAITING


def _close(ids: list[int], sentence: str, state: ReceiptState) -> int:
    rows = Receipt.objects.filter(pk__in=ids)
    rows.update(attempts=F("attempts") + 1, sentence=sentence[:400])
    if state == ReceiptState.WAITING:
        rows.filter(attempts__gte=MOST_ATTEMPTS).update(state=ReceiptState.FAILED, handled_at=clock.now())
        return 0
    return rows.update(state=state, handled_at=clock.now())
