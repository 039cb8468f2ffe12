"""The store's order statuses, read from it and never typed: kept beside what they mean to us, and missed when they are deleted there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, Max, Q

from channels.contract import Can, ChannelOrder, RemoteOrderState, RemoteOrderStatus, StoreConnector
from channels.meanings import WRITTEN, Meaning
from channels.models import Integration, ValueMap
from channels.models.valuemap import Area
from channels.problems import raise_problem, resolve
from channels.registry import connector_class
from portal.lib import clock

CODE = "status_gone"
UNKNOWN = "status_unknown"
# Unscaled seconds. While orders are pulled the list is read anew so often; sooner while an order is in a status that was not in it, but not for each order.
READ_AGAIN = 3_300.0
READ_SOONER = 300.0
_FACTS = ["label", "usual", "position", "read_at", "gone_at", "seen"]


def has_statuses(integration: Integration) -> bool:
    """Whether its channel has a list of order statuses that can be read."""
    return Can.PULL_STATUSES in connector_class(integration.kind).can


def known_statuses(integration: Integration) -> list[ValueMap]:
    """The statuses as they were read last, in the store's order; those that are gone last."""
    rows = list(ValueMap.objects.filter(integration=integration, area=Area.STATUS))
    return sorted(rows, key=lambda row: (row.gone_at is not None, row.position, row.theirs))


def read_statuses(integration: Integration, connector: StoreConnector) -> list[ValueMap]:
    """Ask the store for its statuses and keep them; what people chose stays. A status that matters and is gone becomes a Problem.

    Safe to repeat. Raises ChannelError. An empty answer is taken for an error at their end and changes nothing.
    """
    told = connector.order_statuses()
    if told:
        _keep(integration, told)
        _note_gone(integration, {status.remote_id for status in told})
        tell_gone(integration)
    return known_statuses(integration)


def meet(integration: Integration, connector: StoreConnector, orders: Iterable[ChannelOrder]) -> None:
    """Orders that are about to be taken in: see that the store still has the statuses that we rely on, and tell of one that its list does not have.

    Two queries while nothing is amiss. Raises ChannelError.
    """
    if not has_statuses(integration):
        return
    seen = {order.status[:200]: order for order in orders}
    known = _known(integration, seen)
    missing = seen.keys() - {theirs for theirs, gone_at in known.items() if gone_at is None}
    if missing - known.keys() or _is_old(integration, READ_SOONER if missing else READ_AGAIN):
        read_statuses(integration, connector)
        missing = seen.keys() - {theirs for theirs, gone_at in _known(integration, seen).items() if gone_at is None}
    for theirs in sorted(missing):
        _tell_unknown(integration, seen[theirs])


def _known(integration: Integration, theirs: Iterable[str]) -> dict[str, datetime | None]:
    """Those of the ids that we asked the store about, with when it did not have them any more."""
    rows = ValueMap.objects.filter(integration=integration, area=Area.STATUS, theirs__in=list(theirs))
    return dict(rows.values_list("theirs", "gone_at"))


def _is_old(integration: Integration, seconds: float) -> bool:
    rows = ValueMap.objects.filter(integration=integration, area=Area.STATUS)
    last = rows.aggregate(last=Max("read_at"))["last"]
    return last is None or (clock.now() - last).total_seconds() > clock.scaled(seconds)


def _tell_unknown(integration: Integration, order: ChannelOrder) -> None:
    """An order that waits because nobody, the channel included, says what its status means: choosing is for people, and a row to choose on is made."""
    row, _ = ValueMap.objects.get_or_create(
        integration=integration,
        area=Area.STATUS,
        theirs=order.status[:200],
        defaults={"label": order.status[:200], "usual": order.state, "gone_at": clock.now()},
    )
    if row.ours or order.state != RemoteOrderState.UNKNOWN:
        return
    ValueMap.objects.filter(pk=row.pk).update(seen=F("seen") + 1)
    raise_problem(
        integration.company_id,
        UNKNOWN,
        f"Order {order.number} of {integration.name} is in the status “{row.label}”, which the store’s own list does not have. "
        "Such orders wait until you choose what it means.",
        integration=integration,
        record_name=row.label,
        cause_key=_key(integration, row.theirs, UNKNOWN),
    )


def _keep(integration: Integration, told: Sequence[RemoteOrderStatus]) -> None:
    rows = {
        status.remote_id: ValueMap(
            integration=integration,
            area=Area.STATUS,
            theirs=status.remote_id[:200],
            label=status.label[:200],
            usual=status.state,
            position=position,
            read_at=clock.now(),
            gone_at=None,
        )
        for position, status in enumerate(told)
    }
    unique = ["integration", "area", "theirs"]
    ValueMap.objects.bulk_create(rows.values(), update_conflicts=True, unique_fields=unique, update_fields=_FACTS)


def _note_gone(integration: Integration, there: Iterable[str]) -> None:
    """Mark what the store does not have any more; a status that is only named in the settings gets a row, so that it can be missed."""
    for theirs in sorted(_in_settings(integration) - set(there)):
        ValueMap.objects.get_or_create(
            integration=integration, area=Area.STATUS, theirs=theirs, defaults={"label": theirs, "usual": "unknown"}
        )
    rows = ValueMap.objects.filter(integration=integration, area=Area.STATUS, gone_at=None)
    rows.exclude(theirs__in=there).update(gone_at=clock.now())


def tell_gone(integration: Integration) -> None:
    """Open a Problem for each status that we rely on and that is gone; close those that came back or are not relied on any more."""
    relied = _relied_on(integration)
    for theirs, row in relied.items():
        raise_problem(
            integration.company_id,
            CODE,
            _sentence(integration, row),
            integration=integration,
            record_name=row.label,
            cause_key=_key(integration, theirs),
        )
    keys = [_key(integration, theirs) for theirs in relied]
    others = integration.problems.filter(code=CODE).exclude(cause_key__in=keys).values_list("pk", flat=True)
    resolve(pk__in=list(others), resolution="The status is there again, or nothing depends on it any more.")
    _close_known(integration)


def _close_known(integration: Integration) -> None:
    """Statuses that the store's list did not have are no problem any more once it has them, or once somebody chose."""
    rows = ValueMap.objects.filter(integration=integration, area=Area.STATUS)
    known = rows.filter(Q(gone_at=None) | ~Q(ours="")).values_list("theirs", flat=True)
    keys = [_key(integration, theirs, UNKNOWN) for theirs in known]
    resolve(company_id=integration.company_id, cause_key__in=keys, resolution="It is known what the status means.")


def _relied_on(integration: Integration) -> dict[str, ValueMap]:
    """Statuses that are gone and that a person chose something for, not knowing that the store's list does not have them."""
    gone = ValueMap.objects.filter(integration=integration, area=Area.STATUS, gone_at__isnull=False)
    named = _in_settings(integration)
    return {
        row.theirs: row
        for row in gone
        if not row.seen and (row.ours not in ("", Meaning.WAIT) or (row.theirs in named and not row.ours))
    }


def _in_settings(integration: Integration) -> set[str]:
    names = ("import_status", *WRITTEN)
    return {str(integration.settings[name]) for name in names if integration.settings.get(name)}


def _key(integration: Integration, theirs: str, code: str = CODE) -> str:
    return f"{code}:{integration.pk}:{theirs}"[:160]


def _sentence(integration: Integration, row: ValueMap) -> str:
    what = "new orders are taken from" if row.ours == Meaning.IMPORT or not row.ours else "means something to us"
    if row.theirs in {str(integration.settings.get(name, "")) for name in WRITTEN}:
        what = "we set when something is shipped"
    return (
        f"The order status “{row.label}” of {integration.name}, which {what}, is not in the store any more. "
        "Choose another under Mapping; nothing is lost."
    )
