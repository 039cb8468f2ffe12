"""From an integration to a connector that can talk to its store."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from requests.adapters import BaseAdapter

from channels import credentials
from channels.budget import SharedBudget
from channels.contract import STRICT, Reads, Session, StoreConnector
from channels.http import CONNECT_TIMEOUT, READ_TIMEOUT, Budget, Http, NoBudget
from channels.models import Integration
from channels.registry import connector_class
from channels.store_clocks import ClockWatch
from portal.lib import clock

# However fast time passes in a drill, a store gets so many seconds to answer.
SHORTEST_TIMEOUT = 6.0
# Transports by kind, for tests that run a simulator in process; empty in every real process.
TRANSPORTS: dict[str, BaseAdapter] = {}


def side(is_sandbox: bool) -> str:
    """The name of the settings entry: live and sandbox never share a host."""
    return "sandbox" if is_sandbox else "live"


def hosts_of(kind: str, *, is_sandbox: bool) -> Mapping[str, str]:
    return settings.CHANNEL_HOSTS.get(kind, {}).get(side(is_sandbox), {})


def app_of(kind: str, *, is_sandbox: bool) -> Mapping[str, str]:
    return settings.CHANNEL_APPS.get(kind, {}).get(side(is_sandbox), {})


def http_for(kind: str, *, budget: Budget | None = None) -> Http:
    return Http(
        budget=budget or NoBudget(),
        adapter=TRANSPORTS.get(kind),
        timeout=(CONNECT_TIMEOUT, max(clock.scaled(READ_TIMEOUT), SHORTEST_TIMEOUT)),
    )


def chosen_of(integration: Integration) -> dict[str, str]:
    """The choices of an integration as its connector sees them; "sells" tells that it takes listings."""
    return {**integration.settings, "sells": "yes" if integration.sells else ""}


def open_connector(integration: Integration, *, lane: str = "orders", reads: Reads = STRICT) -> StoreConnector:
    """The connector of a stored integration. ``lane`` is "orders" or "catalogue": who may use the reserve of the rate budget; ``reads`` is told of each
    record of a list.

    Raises credentials.NoCredentials.
    """
    connector = connector_class(integration.kind)
    budget = SharedBudget(integration.pk, limit=connector.rate_limit, headers=connector.rate_headers, lane=lane)
    return connector(
        Session(
            http=http_for(integration.kind, budget=ClockWatch(budget, integration.pk)),
            hosts=hosts_of(integration.kind, is_sandbox=integration.is_sandbox),
            app=app_of(integration.kind, is_sandbox=integration.is_sandbox),
            credentials=credentials.read(integration),
            settings=chosen_of(integration),
            store_id=integration.remote_store_id,
            store_address=integration.store_address,
            currency=integration.currency,
            time_zone=integration.time_zone,
            reads=reads,
        )
    )


def try_connector(
    kind: str,
    values: Mapping[str, str],
    *,
    is_sandbox: bool,
    store_id: str = "",
    store_address: str = "",
    chosen: Mapping[str, str] | None = None,
    time_zone: str = "",
) -> StoreConnector:
    """A connector for credentials that are not stored (the wizard's check, reauthorising)."""
    return connector_class(kind)(
        Session(
            http=http_for(kind),
            hosts=hosts_of(kind, is_sandbox=is_sandbox),
            app=app_of(kind, is_sandbox=is_sandbox),
            credentials=dict(values),
            settings=dict(chosen or {}),
            store_id=store_id,
            store_address=store_address,
            time_zone=time_zone,
        )
    )
