"""What a choice does: send ours through the outbox, have theirs read again, or write down that it was looked at. No request goes out from here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from catalog import services as catalog
from catalog.models import Listing
from channels import inbox, outbox
from channels.contract import Topic
from channels.dispatch import wake
from channels.models import (
    ListingLink,
    OrderLink,
    Outbound,
    OutboundKind,
    OutboundState,
    ProductLink,
    Receipt,
    ReceiptState,
    ShipmentLink,
)
from channels.models.reconcile import Book, Difference, DifferenceState
from orders import services as orders
from orders.data import Actor
from orders.models import Audience, EventKind, Order, Shipment, SupplierOrder
from orders.services.changing import can_follow
from orders.workflow import note
from portal.lib import clock
from portal.lib.errors import DomainError


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a choice, as a sentence. ``is_noted``: it was only written down."""

    answer: str
    is_noted: bool = False


def tell_stock(difference: Difference, actor: Actor, words: str) -> Done:
    """Forget what the store was told, so that our figure differs from it and is sent."""
    _listing_links(difference).update(told_stock=None)
    outbox.enqueue(difference.integration_id, OutboundKind.STOCK, [_record(difference)])
    return Done("Our figure is on its way to the store.")


def tell_price(difference: Difference, actor: Actor, words: str) -> Done:
    """The same for price and cost."""
    _listing_links(difference).update(told_price=None, told_cost=None)
    outbox.enqueue(difference.integration_id, OutboundKind.PRICE, [_record(difference)])
    return Done("Our price is on its way to the store.")


def keep_their_price(difference: Difference, actor: Actor, words: str) -> Done:
    """The store's price becomes the retailer's own. Raises DomainError for one that is not above 0."""
    catalog.set_retail_price(difference.integration.company, [_record(difference)], amount=difference.their_amount)
    return Done("The store's price is your own shelf price now.")


def publish_again(difference: Difference, actor: Actor, words: str) -> Done:
    """Forget the places that are gone, so that the product is made anew; its SKUs are looked up before."""
    lost = Difference.objects.filter(
        integration=difference.integration, kind=difference.kind, remote_id=difference.remote_id
    ).exclude(state=DifferenceState.GONE)
    product_id = Listing.objects.values_list("product_id", flat=True).get(pk=_record(difference))
    ListingLink.objects.filter(
        integration=difference.integration, listing__product_id=product_id, listing_id__in=lost.values("record_id")
    ).delete()
    outbox.enqueue(difference.integration_id, OutboundKind.PUBLISH, [product_id])
    return Done("The product is being published again.")


def stop_listing(difference: Difference, actor: Actor, words: str) -> Done:
    """Stop selling what the store deleted."""
    _listing_links(difference).delete()
    catalog.stop(difference.integration.company, [_record(difference)])
    return Done("The listing is stopped.")


def fetch_order(difference: Difference, actor: Actor, words: str) -> Done:
    """Have the order read again, whatever we believe to know of it."""
    OrderLink.objects.filter(integration=difference.integration, remote_id=difference.remote_id).update(digest="")
    _read_again(difference, Topic.ORDER)
    return Done("The order is being read from the store.")


def follow_order(difference: Difference, actor: Actor, words: str) -> Done:
    """Follow the store while nothing was sent on; after that only write the difference down."""
    order = Order.objects.get(pk=_record(difference))
    if not can_follow(order):
        return write_down(difference, actor, f"{words} It was sent on before, so nothing was changed.")
    # What the source last said is forgotten, or a copy that was changed here only would look like the same order again.
    Order.objects.filter(pk=order.pk).update(source_digest="")
    return fetch_order(difference, actor, words)


def cancel_order(difference: Difference, actor: Actor, words: str) -> Done:
    """Cancel ours. Raises InvalidMove once a supplier has any of it."""
    order = Order.objects.get(pk=_record(difference))
    orders.cancel_order_before_sending(order, actor=actor, reason="It was deleted in the store.")
    return Done("Our order is cancelled.")


def send_order(difference: Difference, actor: Actor, words: str) -> Done:
    """Send what nothing waited to send."""
    outbox.enqueue(difference.integration_id, OutboundKind.CREATE_ORDER, [_record(difference)])
    return Done("The order is on its way to the store.")


def find_order(difference: Difference, actor: Actor, words: str) -> Done:
    """Look our reference up in the store and note what is found."""
    outbox.enqueue(difference.integration_id, OutboundKind.CREATE_ORDER, [_record(difference)])
    _look_up_first(difference, OutboundKind.CREATE_ORDER)
    return Done("The order is being looked up in the store.")


def tell_parcel(difference: Difference, actor: Actor, words: str) -> Done:
    """Tell a parcel that the store does not show, after asking whether it has it."""
    shipment = Shipment.objects.select_related("supplier_order").get(pk=_record(difference))
    ShipmentLink.objects.filter(integration=difference.integration, shipment=shipment).delete()
    key = f"order-{shipment.supplier_order.order_id}"
    outbox.enqueue(difference.integration_id, OutboundKind.CREATE_SHIPMENT, [shipment.pk], order_key=key)
    _look_up_first(difference, OutboundKind.CREATE_SHIPMENT)
    return Done("The parcel is on its way to the store.")


def fetch_product(difference: Difference, actor: Actor, words: str) -> Done:
    """Have a product read again with its stock, also where nothing in it changed."""
    ProductLink.objects.filter(integration=difference.integration, remote_id=difference.remote_id).update(digest="")
    _read_again(difference, Topic.PRODUCT)
    if difference.book == Book.STOCK and not difference.key.endswith("-default"):
        transaction.on_commit(lambda: wake(difference.integration_id, "pull_stock"))
    return Done("The product is being read from the store.")


def write_down(difference: Difference, actor: Actor, words: str) -> Done:
    """Only note it: on a supplier order for both sides to read, on an order for its retailer."""
    if difference.book == Book.BOUGHT and difference.record_id:
        supplier_order = SupplierOrder.objects.get(pk=difference.record_id)
        orders.write_note(supplier_order, words, company=difference.integration.company, actor=actor)
    elif difference.book == Book.ORDERS and difference.record_id:
        order = Order.objects.get(pk=difference.record_id)
        note(order, kind=EventKind.NOTE, actor=actor, audience=Audience.RETAILER, what="books", sentence=words)
    return Done("Written down. Nothing was changed on either side.", is_noted=True)


DEEDS: dict[str, Callable[[Difference, Actor, str], Done]] = {
    "tell_stock": tell_stock,
    "tell_price": tell_price,
    "own_price": keep_their_price,
    "publish_again": publish_again,
    "stop_listing": stop_listing,
    "fetch_order": fetch_order,
    "follow_order": follow_order,
    "cancel_order": cancel_order,
    "send_order": send_order,
    "find_order": find_order,
    "tell_parcel": tell_parcel,
    "fetch_product": fetch_product,
    "note": write_down,
}


def _record(difference: Difference) -> int:
    """Our record's id. Raises DomainError for a difference about something that only the store has."""
    if difference.record_id is None:
        raise DomainError("Only the store has this record, so there is nothing of ours to send.")
    return difference.record_id


def _listing_links(difference: Difference):
    return ListingLink.objects.filter(integration=difference.integration, listing_id=_record(difference))


def _read_again(difference: Difference, topic: Topic) -> None:
    """As if the store had told us of the record: the same path as its webhooks, with its retries."""
    integration = difference.integration
    Receipt.objects.create(
        integration=integration,
        event_key=f"books-{difference.pk}-{clock.now().timestamp()}",
        topic=str(topic),
        remote_id=difference.remote_id,
        state=ReceiptState.WAITING if integration.is_live else ReceiptState.PARKED,
        sentence="Asked for by a choice in the books.",
    )
    transaction.on_commit(lambda: inbox.wake(integration.pk))


def _look_up_first(difference: Difference, kind: OutboundKind) -> None:
    """What may be there already is looked up before it is sent: as after an unclear answer."""
    Outbound.objects.filter(
        integration=difference.integration,
        kind=kind,
        record_id=_record(difference),
        state=OutboundState.WAITING,
    ).update(state=OutboundState.UNKNOWN)
