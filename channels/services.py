"""The life of an integration: connect, enable, disable, reauthorise, remove.

Every change is audited; nothing here talks to a store but through its connector.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from channels import credentials, dispatch, expiry, health
from channels.causes import Fix, cause_of
from channels.contract import Can, Check, StoreInfo
from channels.errors import ChannelError
from channels.models import Health, Integration, Outbound, OutboundKind, OutboundState, Receipt, ReceiptState, StepState
from channels.outbox import enqueue
from channels.registry import connector_class
from channels.session import chosen_of, open_connector, try_connector
from channels.sync.register_hooks import hook_address
from orders.models import SupplierOrder, SupplierOrderState
from portal.companies import audit
from portal.companies.models import Company, User
from portal.companies.services.zones import adopt_store_zone
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError


class SameStoreTwice(Conflict):
    """The store is connected already, here or at another company."""

    code = "store_connected_already"


class AnotherStore(DomainError):
    """Reauthorising with the key of another store would mix two shops."""

    code = "another_store"


@dataclass(frozen=True, slots=True)
class Connection:
    """What the wizard collected. ``credentials`` and ``settings`` are by the connector's field names; the roles say what flows."""

    kind: str
    name: str
    credentials: Mapping[str, str]
    store_address: str = ""
    settings: Mapping[str, str] | None = None
    supplies: bool | None = None
    sells: bool | None = None
    time_zone: str = ""
    orders_since: datetime | None = None
    key_ends_at: datetime | None = None


def check_connection(company: Company, connection: Connection) -> Iterator[Check]:
    """Try credentials that are not stored yet: each check as it is done. Stores nothing."""
    yield from _connector(company, connection).check()


def read_store(company: Company, connection: Connection) -> StoreInfo:
    """Who the store says it is. Raises ChannelError."""
    return _connector(company, connection).store_info()


def connect(company: Company, connection: Connection, *, by: User | None) -> Integration:
    """Create the integration of a store whose credentials passed, and start its first runs at once.

    Raises ChannelError when the store does not answer, SameStoreTwice, and DomainError for a name taken in this company.
    """
    info = read_store(company, connection)
    integration = _create(company, connection, info, by=by)
    transaction.on_commit(lambda: _start(integration.pk))
    return integration


@transaction.atomic
def _create(company: Company, connection: Connection, info: StoreInfo, *, by: User | None) -> Integration:
    check_name(company, connection.name)
    settings = dict(connection.settings or {})
    if connection.orders_since:
        settings["orders_since"] = connection.orders_since.isoformat()
    try:
        with transaction.atomic():
            integration = Integration.objects.create(
                company=company,
                kind=connection.kind,
                name=connection.name.strip(),
                remote_store_id=info.store_id,
                store_name=info.name[:255],
                store_address=(info.address or connection.store_address)[:255],
                currency=info.currency,
                time_zone=connection.time_zone or info.time_zone,
                settings=settings,
                supplies=company.is_supplier if connection.supplies is None else connection.supplies,
                sells=_sells(company, connection),
                is_sandbox=company.is_sandbox,
                connected_by=by,
            )
    except IntegrityError as error:
        raise SameStoreTwice(
            f"{info.name} is connected already. One store can be connected once; remove the other connection first."
        ) from error
    credentials.store(integration, connection.credentials, expires_at=connection.key_ends_at)
    if not Integration.objects.filter(company=company).exclude(pk=integration.pk).exists():
        adopt_store_zone(company, integration.time_zone)
    dispatch.install_steps(integration)
    audit.record(
        company,
        "integration.connected",
        target=integration,
        user=by,
        sentence=f"Connected {integration.name} ({info.name}).",
    )
    return integration


def _sells(company: Company, connection: Connection) -> bool:
    return company.is_retailer if connection.sells is None else connection.sells


def check_name(company: Company, name: str, *, other_than: int | None = None) -> None:
    """Raises DomainError unless ``name`` is given and free in this company."""
    if not name.strip():
        raise DomainError("Give this connection a name, for example your shop's name.", field="name")
    taken = Integration.objects.filter(company=company, removed_at=None, name__iexact=name.strip())
    if taken.exclude(pk=other_than).exists():
        raise DomainError(f"You have a connection called {name.strip()} already. Choose another name.", field="name")


def _start(integration_id: int) -> None:
    """First runs at once, in the order of what a person waits for."""
    for state in StepState.objects.filter(integration_id=integration_id, next_run_at__lte=clock.now()).order_by("pk"):
        dispatch.wake(integration_id, state.step, trigger="connect")
    integration = Integration.objects.get(pk=integration_id)
    if integration.supplies:
        _take_up_waiting_orders(integration)


def _take_up_waiting_orders(integration: Integration) -> None:
    """Supplier orders that waited for a store are sent to it; those that a person works on by hand stay in the portal."""
    waiting = SupplierOrder.objects.filter(
        supplier_id=integration.company_id,
        state=SupplierOrderState.WAITING,
        lines__variant__links__integration=integration,
    ).distinct()
    enqueue(integration, OutboundKind.CREATE_ORDER, waiting.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What enabling will do: since when nothing was pulled, how many changes wait to go out, how many webhooks were kept."""

    since: datetime | None
    outbound: int
    receipts: int


def catch_up(integration: Integration) -> CatchUp:
    """The exact catch-up, before it starts."""
    pulls = StepState.objects.filter(integration=integration, step__startswith="pull", last_run_at__isnull=False)
    last = pulls.order_by("last_run_at")
    return CatchUp(
        since=last.values_list("last_run_at", flat=True).first(),
        outbound=health.waiting_count(integration),
        receipts=Receipt.objects.filter(integration=integration, state=ReceiptState.PARKED).count(),
    )


def orders_to_catch_up(integration: Integration, *, most: int = 500) -> tuple[int, bool]:
    """How many orders were placed or changed at the store since the last pull, and whether that is all of them.

    Asks the store. Raises ChannelError and NoCredentials.
    """
    state = StepState.objects.filter(integration=integration, step="pull_orders").first()
    if state is None:
        return 0, True
    since = state.last_run_at or integration.created_at
    number = 0
    for page in open_connector(integration).orders(modified_since=since):
        number += len(page)
        if number >= most:
            return number, False
    return number, True


@transaction.atomic
def configure(
    integration: Integration, *, name: str, time_zone: str, chosen: Mapping[str, str], by: User | None
) -> None:
    """Rename it, correct its store's clock, change the choices that its connector declares. Raises DomainError for a name taken."""
    check_name(integration.company, name, other_than=integration.pk)
    was = {"name": integration.name, "time_zone": integration.time_zone, **integration.settings}
    integration.name = name.strip()
    integration.time_zone = time_zone or integration.time_zone
    integration.settings = {**integration.settings, **chosen}
    integration.save(update_fields=["name", "time_zone", "settings"])
    now = {"name": integration.name, "time_zone": integration.time_zone, **integration.settings}
    changed = sorted(key for key in now if now[key] != was.get(key, ""))
    if not changed:
        return
    audit.record(
        integration.company,
        "integration.configured",
        target=integration,
        user=by,
        sentence=f"Changed {integration.name}: {', '.join(key.replace('_', ' ') for key in changed)}.",
        data={"changed": changed},
    )
    if integration.health == Health.MISCONFIGURED:
        transaction.on_commit(lambda: dispatch.wake(integration.pk, "check_credentials", trigger="person"))


@transaction.atomic
def tell_key_end(integration: Integration, ends_at: datetime | None, *, by: User | None) -> None:
    """Keep the day on which a person says that the key ends; None for a key without an end."""
    if not expiry.note_end(integration, ends_at):
        return
    when = f"ends on {timezone.localtime(ends_at):%-d %b %Y}" if ends_at else "has no known end"
    audit.record(
        integration.company,
        "integration.key_end_told",
        target=integration,
        user=by,
        sentence=f"The key of {integration.name} {when}.",
    )


@transaction.atomic
def disable(integration: Integration, *, by: User | None, reason: str = "") -> None:
    """Nothing is sent, nothing is pulled, webhooks are kept; everything else stays."""
    if Integration.objects.filter(pk=integration.pk, enabled=True, removed_at=None).update(enabled=False):
        integration.enabled = False
        audit.record(
            integration.company,
            "integration.disabled",
            target=integration,
            user=by,
            reason=reason,
            sentence=f"Paused {integration.name}.",
        )


@transaction.atomic
def enable(integration: Integration, *, by: User | None, reason: str = "") -> None:
    """Go on where it stopped: cursors and waiting rows catch up exactly once."""
    if Integration.objects.filter(pk=integration.pk, enabled=False, removed_at=None).update(enabled=True):
        integration.enabled = True
        dispatch.run_everything_soon(integration)
        audit.record(
            integration.company,
            "integration.enabled",
            target=integration,
            user=by,
            reason=reason,
            sentence=f"Resumed {integration.name}.",
        )


def sync_now(integration: Integration, step: str, *, by: User | None) -> bool:
    """Queue one step; whether it was queued (it may be already). Raises DomainError, with the reason, when it may not run."""
    from channels.sync.runner import why_not

    reason = why_not(integration, step)
    if reason:
        raise DomainError(_why_not(integration, reason))
    audit.record(integration.company, "integration.sync_now", target=integration, user=by, data={"step": step})
    return dispatch.wake(integration.pk, step, trigger="person")


def _why_not(integration: Integration, reason: str) -> str:
    words = _WHY_NOT.get(reason, "It cannot run now: " + reason + ".")
    is_choice = cause_of(integration.health_code).fix is Fix.SETTINGS
    return words.format(name=integration.name, way="choose what its settings lack" if is_choice else "reauthorise it")


_WHY_NOT = {
    "disabled": "{name} is paused. Switch it on first.",
    "removed": "{name} was removed.",
    "needs a person": "{name} needs you first: {way}, then everything that waits goes out by itself.",
}


def reauthorise(
    integration: Integration,
    values: Mapping[str, str],
    *,
    by: User | None,
    store_address: str = "",
    key_ends_at: datetime | None = None,
) -> int:
    """Replace the credentials after the new ones passed; how many waiting changes go out now.

    Identity, mappings, cursors and reports stay. Raises AnotherStore when they belong to another store, ChannelError when they do not pass; then the old ones
    stay in force.
    """
    info = try_connector(
        integration.kind,
        values,
        is_sandbox=integration.is_sandbox,
        store_address=store_address or integration.store_address,
        chosen=chosen_of(integration),
        time_zone=integration.time_zone,
    ).store_info()
    if integration.remote_store_id and info.store_id != integration.remote_store_id:
        raise AnotherStore(
            f"This key belongs to {info.name}, not to {integration.store_name}. Use a key of {integration.store_name}; "
            "to trade with the other store too, add it as a connection of its own."
        )
    with transaction.atomic():
        credentials.store(integration, values, expires_at=key_ends_at)
        expiry.clear(integration, resolution="A new key took its place.")
        expiry.warn(integration)
        if store_address:
            integration.store_address = (info.address or store_address)[:255]
            integration.save(update_fields=["store_address"])
        waiting = health.waiting_count(integration)
        health.mark_healthy(integration)
        dispatch.install_steps(integration)
        dispatch.run_everything_soon(integration)
        audit.record(
            integration.company,
            "integration.reauthorised",
            target=integration,
            user=by,
            sentence=f"Reauthorised {integration.name}.",
        )
    return waiting


def remove(integration: Integration, *, by: User | None, reason: str = "") -> None:
    """Destroy the secrets, unregister the webhooks, end what waits; orders and reports stay under a frozen name."""
    _unregister_hooks(integration)
    with transaction.atomic():
        day = clock.now().strftime("%Y-%m-%d")
        was = integration.name
        destroyed = credentials.destroy(integration)
        Outbound.objects.filter(
            integration=integration, state__in=(OutboundState.WAITING, OutboundState.SENDING, OutboundState.UNKNOWN)
        ).update(state=OutboundState.DROPPED, finished_at=clock.now(), last_answer="The integration was removed.")
        StepState.objects.filter(integration=integration).delete()
        Integration.objects.filter(pk=integration.pk).update(
            removed_at=clock.now(),
            enabled=False,
            health=Health.REMOVED,
            health_code="",
            health_reason="",
            name=f"{was} (removed {day})"[:120],
        )
        audit.record(
            integration.company,
            "integration.removed",
            target=integration,
            user=by,
            reason=reason,
            sentence=f"Removed {was}; its credentials were destroyed.",
            data={"credentials_destroyed": destroyed},
        )
    integration.refresh_from_db()


def _unregister_hooks(integration: Integration) -> None:
    """As far as the store still lets us; a dead key must not keep anybody from removing."""
    if Can.WEBHOOKS in connector_class(integration.kind).can:
        with contextlib.suppress(ChannelError, credentials.NoCredentials):
            open_connector(integration).unregister_hooks(hook_address(integration))


def _connector(company: Company, connection: Connection):
    return try_connector(
        connection.kind,
        connection.credentials,
        is_sandbox=company.is_sandbox,
        store_address=connection.store_address,
        chosen={**(connection.settings or {}), "sells": "yes" if _sells(company, connection) else ""},
        time_zone=connection.time_zone,
    )
