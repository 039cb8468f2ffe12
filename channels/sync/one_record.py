"""One record fetched from its source because a webhook hinted at it. It does not wait for a step's lease: importing is idempotent by itself."""

from __future__ import annotations

from catalog import services as catalog
from channels.contract import StoreConnector, Topic
from channels.dispatch import wake
from channels.errors import NotFound
from channels.meanings import StatusTable
from channels.models import Integration, ListingLink, OrderLink, ProductLink, SupplierOrderLink
from channels.statuses import meet
from channels.sync.own_goods import resolver_for
from channels.sync.products import take_products
from channels.sync.pull_orders import is_wanted, take_order
from channels.sync.pull_shipments import look_at


def fetch(integration: Integration, connector: StoreConnector, topic: Topic, remote_id: str) -> str:
    """Fetch and apply one record; what was done, as a sentence. Raises ChannelError (NotFound: it is gone)."""
    if topic in {Topic.PRODUCT, Topic.STOCK}:
        return _product(integration, connector, remote_id)
    if topic in {Topic.ORDER, Topic.SHIPMENT}:
        return _order(integration, connector, remote_id)
    if topic == Topic.REMOVED:
        wake(integration.pk, "check_credentials", trigger="webhook")
        return "The store says that our access was removed; we check it."
    return "Nothing to do for this kind of message."


def _product(integration: Integration, connector: StoreConnector, remote_id: str) -> str:
    if ListingLink.objects.filter(integration=integration, remote_product_id=remote_id).exists():
        return "A listing of ours: the supplier's figures decide."
    try:
        product = connector.product(remote_id)
    except NotFound:
        gone = ProductLink.objects.filter(integration=integration, remote_id=remote_id)
        catalog.deactivate_products(integration.company, list(gone.values_list("product_id", flat=True)))
        gone.update(digest="")
        return "The product is gone from the store; it is no longer offered."
    counts = take_products(integration, [product])
    return "Product taken in." if counts.get("created") or counts.get("updated") else "Product looked at."


def _order(integration: Integration, connector: StoreConnector, remote_id: str) -> str:
    made_by_us = (
        SupplierOrderLink.objects.filter(integration=integration, remote_id=remote_id)
        .select_related("supplier_order")
        .first()
    )
    if made_by_us:
        order = StatusTable.of(integration).read(connector.order(remote_id))
        created = look_at(integration, connector, made_by_us, order)
        return f"{created} parcels recorded."
    if not integration.sells:
        return "Not an order of ours."
    told = connector.order(remote_id)
    meet(integration, connector, [told])
    statuses = StatusTable.of(integration)
    order = statuses.read(told)
    link = OrderLink.objects.filter(integration=integration, remote_id=remote_id).first()
    if not is_wanted(statuses, order, link):
        return "Not an order to take in."
    return f"Order {take_order(integration, order, resolver_for(integration, connector, [order]), link)}."
