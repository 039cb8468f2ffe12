"""Connecting: try what was typed, make the integration, and start its first runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from channels import credentials, dispatch
from channels.contract import Check, StoreInfo
from channels.models import Integration, OutboundKind, StepState
from channels.outbox import enqueue
from channels.session import try_connector
from orders.models import SupplierOrder, SupplierOrderState
from portal.companies import audit
from portal.companies.models import Company, User
from portal.companies.services.zones import adopt_store_zone
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError


class SameStoreTwice(Conflict):
    """The store is connected already, here or at another company."""

    code = "store_connected_already"


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
    integration = create_integration(company, connection, info, by=by)
    transaction.on_commit(lambda: _start(integration.pk))
    return integration


@transaction.atomic
def create_integration(company: Company, connection: Connection, info: StoreInfo, *, by: User | None) -> Integration:
    """Only the row with its credentials and steps. Raises SameStoreTwice, and DomainError for a name taken in this company."""
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
    if (taken if other_than is None else taken.exclude(pk=other_than)).exists():
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


def _connector(company: Company, connection: Connection):
    return try_connector(
        connection.kind,
        connection.credentials,
        is_sandbox=company.is_sandbox,
        store_address=connection.store_address,
        chosen={**(connection.settings or {}), "sells": "yes" if _sells(company, connection) else ""},
        time_zone=connection.time_zone,
    )
