"""Orders whose details need not be read again: we took them in at the very modification that the store tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F

from channels.contract import ChannelOrder
from channels.models import Integration, OrderLink
from portal.lib import clock

# Stores date to the second: an order read sooner after its modification may change again under the same date.
SETTLED_AFTER = timedelta(seconds=5)
_A_MOMENT = timedelta(microseconds=1)


class KnownOrders:
    """Asked by the connector for each page of its list; remembers what it answered. One query a page."""

    def __init__(self, integration: Integration) -> None:
        self.integration = integration
        self._told: set[tuple[str, datetime]] = set()

    def __call__(self, versions: Mapping[str, datetime]) -> set[str]:
        """The ids of those that are known as they are."""
        links = OrderLink.objects.filter(integration=self.integration, remote_id__in=list(versions))
        known = {
            remote_id: modified
            for remote_id, modified in links.values_list("remote_id", "remote_modified_at")
            if modified == versions[remote_id]
        }
        self._told |= set(known.items())
        return set(known)

    def has(self, order: ChannelOrder) -> bool:
        """Whether ``order`` came without its details because we said that we know it."""
        return (order.remote_id, order.modified_at) in self._told


def noted_modification(order: ChannelOrder) -> datetime:
    """What a link keeps: a moment earlier while the order may still change under the same date, so that it is read once more."""
    return order.modified_at if clock.now() - order.modified_at > SETTLED_AFTER else order.modified_at - _A_MOMENT


def forget_versions(integration: Integration, *, since: datetime) -> None:
    """Have the details of orders that changed since read again, whatever we know of them."""
    links = OrderLink.objects.filter(integration=integration, remote_modified_at__gte=since)
    links.update(remote_modified_at=F("remote_modified_at") - _A_MOMENT)
