"""Webhooks: verified, stored, deduplicated and answered at once; the record is then fetched from its source."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from django.core.cache import cache
from django.db.models import Case, F, When
from django_q.tasks import async_task

from channels import credentials
from channels.contract import Hook, Topic
from channels.dispatch import wake as wake_step
from channels.errors import ChannelError, Misconfigured, NeedsReauthorisation, NotFound, Unavailable, UnexpectedPayload
from channels.models import Integration, Receipt, ReceiptState
from channels.problems import raise_problem
from channels.registry import connector_class
from channels.session import app_of, open_connector
from channels.sync import one_record
from channels.sync.reads import RunReads
from portal.lib import clock
from portal.lib.errors import DomainError

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 8
# A wish whose task was lost is wished again after so long; the dispatcher looks too.
WISH_SECONDS = 30
# Real seconds that one job may take: a slow store's burst must not hold a worker, nor outlive the queue's time limit.
LONGEST_TURN = 20.0


class Unproven(Exception):
    """The sender did not prove itself."""


def receive(integration: Integration, *, body: bytes, headers: Mapping[str, str]) -> int:
    """Keep the hints of one webhook; how many were new. Raises Unproven and UnexpectedPayload."""
    connector = connector_class(integration.kind)
    secrets = credentials.read(integration)
    app = app_of(integration.kind, is_sandbox=integration.is_sandbox)
    if not connector.verify_hook(body=body, headers=headers, credentials=secrets, app=app):
        raise Unproven("The signature does not fit.")
    hooks = [hook for hook in connector.parse_hook(body=body, headers=headers) if _wanted(integration, hook.topic)]
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
    """Fetch what the waiting webhooks of an integration hint at, each record once; how many receipts were closed.

    Attempts are counted before the work, and what was tried least comes first: a record that ends the whole job does not keep the others from being fetched.
    """
    cache.delete(_wish(integration_id))
    integration = Integration.objects.select_related("company").filter(pk=integration_id).first()
    if integration is None or not integration.is_live or integration.needs_person:
        return 0
    waiting = list(_waiting(integration).order_by(_TRADE_FIRST, "attempts", "id")[:most])
    if any(receipt.attempts >= MOST_ATTEMPTS for receipt in waiting):
        _give_up(integration)
        waiting = [receipt for receipt in waiting if receipt.attempts < MOST_ATTEMPTS]
    groups: dict[tuple[str, str], list[int]] = {}
    for receipt in waiting:
        groups.setdefault((receipt.topic, receipt.remote_id), []).append(receipt.pk)
    try:
        done = _handle_groups(integration, groups) if groups else 0
    except (Unavailable, NeedsReauthorisation, Misconfigured, credentials.NoCredentials) as error:
        _note_outage(integration, error)
        return 0
    if _waiting(integration).filter(attempts=0).exists():
        wake(integration_id)
    return done


# Orders and parcels before goods: a catalogue's burst of webhooks must not delay a sale.
_TRADE_FIRST = Case(When(topic__in=(Topic.ORDER, Topic.SHIPMENT), then=0), default=1)


def _wanted(integration: Integration, topic: Topic) -> bool:
    """Goods matter at once only where they are supplied; a store that only sells is told its figures by us and walked every eight hours."""
    return integration.supplies or topic not in {Topic.PRODUCT, Topic.STOCK}


def _waiting(integration: Integration):
    return Receipt.objects.filter(integration=integration, state__in=(ReceiptState.WAITING, ReceiptState.PARKED))


def _handle_groups(integration: Integration, groups: Mapping[tuple[str, str], list[int]]) -> int:
    connector = open_connector(integration)
    done = 0
    ends_at = time.monotonic() + LONGEST_TURN
    for (topic, remote_id), ids in groups.items():
        if time.monotonic() > ends_at:
            break
        rows = Receipt.objects.filter(pk__in=ids)
        rows.update(attempts=F("attempts") + 1)
        try:
            sentence, state = _handle(integration, connector, Topic(topic), remote_id)
        except (Unavailable, NeedsReauthorisation, Misconfigured):
            # Not this record's fault: it waits without being counted.
            rows.update(attempts=F("attempts") - 1)
            raise
        done += _close(ids, sentence, state)
    return done


def _handle(integration: Integration, connector, topic: Topic, remote_id: str) -> tuple[str, ReceiptState]:
    """What came of fetching one record, as a sentence and the receipts' new state. Raises what concerns the whole store."""
    try:
        return one_record.fetch(integration, connector, topic, remote_id), ReceiptState.DONE
    except NotFound:
        return "The store does not have this record any more.", ReceiptState.DONE
    except UnexpectedPayload as error:
        RunReads(integration).unreadable(topic, remote_id, error)
        return error.message, ReceiptState.FAILED
    except DomainError as error:
        raise_problem(
            integration.company_id,
            error.code,
            f"{integration.name}, {topic} {remote_id}: {error.sentence}",
            integration=integration,
            record_name=f"{topic} {remote_id}",
            cause_key=f"{error.code}:{integration.pk}:{remote_id}",
        )
        return error.sentence, ReceiptState.FAILED
    except (Unavailable, NeedsReauthorisation, Misconfigured):
        raise
    except ChannelError as error:
        return error.message, ReceiptState.WAITING


def _note_outage(integration: Integration, error: Exception) -> None:
    """Everything waits. Where a person must act, the check of permissions finds the reason and tells them."""
    log.info("receipts wait", extra={"data": {"integration": integration.pk, "error": type(error).__name__}})
    if not isinstance(error, Unavailable):
        wake_step(integration.pk, "check_credentials", trigger="webhook")


def _give_up(integration: Integration) -> None:
    """Records that were tried often enough are ours to look at; polling finds what they hinted at."""
    tired = _waiting(integration).filter(attempts__gte=MOST_ATTEMPTS)
    if not tired.update(state=ReceiptState.FAILED, handled_at=clock.now()):
        return
    raise_problem(
        integration.company_id,
        "our_mistake",
        f"A message of {integration.name} could not be followed up, again and again. The hourly run looks at the record anyway.",
        integration=integration,
        cause_key=f"our_mistake:{integration.pk}:receipts",
    )


def _close(ids: list[int], sentence: str, state: ReceiptState) -> int:
    rows = Receipt.objects.filter(pk__in=ids)
    if state == ReceiptState.WAITING:
        rows.update(sentence=sentence[:400])
        return 0
    return rows.update(sentence=sentence[:400], state=state, handled_at=clock.now())
