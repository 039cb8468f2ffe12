"""What is on the way between both sides while they are compared: no difference yet."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from channels.contract import Topic
from channels.models import Outbound, OutboundKind, Receipt, ReceiptState
from channels.models.outbox import LIVE_STATES
from channels.reconcile.entries import Reading, in_parts


def being_sent(reading: Reading, kinds: Iterable[OutboundKind], record_ids: Iterable[int]) -> set[int]:
    """Those of our records that wait to be told, or were told after the reading began."""
    found: set[int] = set()
    kinds = list(kinds)
    for ids in in_parts(sorted(set(record_ids))):
        rows = Outbound.objects.filter(integration=reading.integration, kind__in=kinds, record_id__in=ids)
        moving = rows.filter(Q(state__in=LIVE_STATES) | Q(finished_at__gte=reading.began))
        found.update(moving.values_list("record_id", flat=True))
    return found


def being_heard(reading: Reading, topics: Iterable[Topic], remote_ids: Iterable[str]) -> set[str]:
    """Those of their records whose webhook waits here, or was taken in after the reading began."""
    found: set[str] = set()
    words = [str(topic) for topic in topics]
    for ids in in_parts(sorted(set(remote_ids))):
        rows = _moving(reading).filter(topic__in=words, remote_id__in=ids)
        found.update(rows.values_list("remote_id", flat=True))
    return found


def hears_orders(reading: Reading) -> bool:
    """Whether any order of theirs is being taken in: it takes units off their shelf before it takes them off ours."""
    return _moving(reading).filter(topic=str(Topic.ORDER)).exists()


def _moving(reading: Reading):
    waiting = Q(state__in=(ReceiptState.WAITING, ReceiptState.PARKED))
    return Receipt.objects.filter(integration=reading.integration).filter(
        waiting | Q(received_at__gte=reading.began) | Q(handled_at__gte=reading.began)
    )
