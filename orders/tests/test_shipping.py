"""Sending and shipping: forward only, once each, never more than was ordered."""

from __future__ import annotations

import pytest

from catalog.models import Reservation
from orders import services, signals
from orders.data import Actor, ShipmentData
from orders.models import EventKind, Order, OrderEvent, OrderState, Shipment, SupplierOrderState
from orders.services.shipping import NothingLeft, OverShipped
from orders.tests.factories import line, trade
from portal.lib import clock
from portal.lib.errors import DomainError, InvalidMove

pytestmark = pytest.mark.django_db
LEEDS = Actor(kind="store", name="Leeds store")


def parcel(key: str = "p1", *lines: tuple[int, int], **fields: object) -> ShipmentData:
    return ShipmentData(
        **{
            "source_key": key,
            "source": "store",
            "carrier": "UPS",
            "tracking_number": f"1Z{key}",
            "lines": lines,
            **fields,
        }
    )


def sent(part, **fields):
    services.start_sending(part)
    values = {"outside_number": "5011", "outside_id": "77", "system_name": "Kingsway main store"}
    services.confirm_sent(part, **{**values, **fields})
    return part


@pytest.mark.row("S1-24")
def test_a_confirmed_order_shows_where_it_is():
    part = sent(trade().supplier_order())
    part.refresh_from_db()
    assert (part.state, part.outside_number, part.outside_system) == ("sent", "5011", "Kingsway main store")


@pytest.mark.row("S1-25")
def test_confirming_twice_records_one_event():
    part = sent(trade().supplier_order())
    sent(part)
    assert OrderEvent.objects.filter(kind=EventKind.SENT).count() == 1


def test_the_promise_of_stock_lasts_until_the_store_has_deducted_and_been_read():
    part = sent(trade().supplier_order(), at=clock.now())
    reservation = Reservation.objects.get()
    assert reservation.deducted_at is not None
    assert reservation.released_at is None
    assert part.lines.get().reservation_key == reservation.key


def test_a_cancelled_order_is_not_sent():
    part = trade().supplier_order()
    services.cancel_order_before_sending(part.order, actor=LEEDS)
    assert services.start_sending(part) is False


def test_an_order_that_waits_for_acceptance_is_not_sent_before_it():
    pair = trade(needs_acceptance=True)
    ready = []
    signals.supplier_order_ready.connect(
        lambda **kw: ready.append(kw["supplier_order"].pk), weak=False, dispatch_uid="t"
    )
    part = pair.supplier_order()
    assert services.start_sending(part) is False
    assert ready == []
    for _ in range(2):
        services.accept_supplier_order(part, actor=LEEDS)
    signals.supplier_order_ready.disconnect(dispatch_uid="t")
    assert ready == [part.pk]
    assert services.start_sending(part) is True


def test_an_order_on_its_way_cannot_be_cancelled_here():
    part = trade().supplier_order()
    services.start_sending(part)
    with pytest.raises(InvalidMove, match="has .* already"):
        services.cancel_order_before_sending(part.order, actor=LEEDS)


def test_a_refused_order_is_held_and_sent_again_on_request():
    part = trade().supplier_order()
    services.start_sending(part)
    for _ in range(2):
        services.note_refused(part, "The product is not in the store.")
    assert (part.state, part.order.refresh_from_db(), part.order.state) == ("held", None, "held")
    assert OrderEvent.objects.filter(kind=EventKind.SEND_REFUSED).count() == 1
    services.release_hold(part, actor=LEEDS)
    part.order.refresh_from_db()
    assert (part.state, part.order.state, part.order.held_reason) == ("waiting", "routed", "")


def test_a_parcel_seen_twice_is_one_parcel():
    part = sent(trade().supplier_order())
    first, is_new = services.record_shipment(part, parcel(), LEEDS)
    again, is_new_again = services.record_shipment(part, parcel(), LEEDS)
    assert (first, is_new, is_new_again) == (again, True, False)
    assert OrderEvent.objects.filter(kind=EventKind.SHIPPED).count() == 1


@pytest.mark.row("S1-22")
def test_parcels_complete_an_order_step_by_step():
    pair = trade("85123A", "22423")
    part = sent(pair.supplier_order("85123A", "22423", quantity=3))
    first, second = part.lines.order_by("pk")
    services.record_shipment(part, parcel("a", (first.pk, 3), (second.pk, 1)), LEEDS)
    assert (part.state, Order.objects.get().state) == (SupplierOrderState.PARTLY_SHIPPED, OrderState.PARTLY_SHIPPED)
    services.record_shipment(part, parcel("b"), LEEDS)
    assert (part.state, Order.objects.get().state) == (SupplierOrderState.SHIPPED, OrderState.SHIPPED)
    assert [[row.quantity for row in one.lines.order_by("line")] for one in Shipment.objects.all()] == [[3, 1], [2]]


def test_more_units_than_ordered_are_refused_with_a_sentence():
    part = sent(trade().supplier_order(quantity=2))
    with pytest.raises(OverShipped, match="only 2 of 2 are left"):
        services.record_shipment(part, parcel("a", (part.lines.get().pk, 3)), LEEDS)
    assert not Shipment.objects.exists()


def test_a_second_parcel_of_a_complete_order_is_refused():
    part = sent(trade().supplier_order())
    services.record_shipment(part, parcel("a"), LEEDS)
    with pytest.raises(NothingLeft):
        services.record_shipment(part, parcel("b"), LEEDS)


def test_a_line_of_another_order_is_refused():
    pair = trade()
    part, other = pair.supplier_order(source_id="1"), pair.supplier_order(source_id="2")
    with pytest.raises(DomainError, match="another order"):
        services.record_shipment(part, parcel("a", (other.lines.get().pk, 1)), LEEDS)


def test_tracking_that_comes_later_is_followed_and_told_again():
    part = sent(trade().supplier_order())
    services.record_shipment(part, parcel(tracking_number=""), LEEDS)
    told = []
    signals.shipment_recorded.connect(
        lambda **kw: told.append(kw["shipment"].tracking_number), weak=False, dispatch_uid="t"
    )
    for _ in range(2):
        services.record_shipment(part, parcel(tracking_number="1Z999"), LEEDS)
    signals.shipment_recorded.disconnect(dispatch_uid="t")
    assert told == ["1Z999"]


def test_a_confirmation_that_comes_after_the_parcel_does_not_lead_back():
    part = trade().supplier_order()
    services.start_sending(part)
    services.record_shipment(part, parcel(), LEEDS)
    sent(part)
    part.refresh_from_db()
    assert (part.state, part.outside_number) == ("shipped", "5011")


def test_goods_shipped_by_hand_are_promised_no_more():
    part = trade().supplier_order()
    services.record_shipment(part, parcel(source="hand"), LEEDS)
    assert not Reservation.objects.filter(released_at=None).exists()


def test_tracking_is_told_once():
    part = sent(trade().supplier_order())
    shipment, _ = services.record_shipment(part, parcel(), LEEDS)
    for _ in range(2):
        services.record_tracking_told(shipment, system_name="Acme store", number="20931")
    assert OrderEvent.objects.filter(kind=EventKind.TRACKING_TOLD).count() == 1


def test_the_order_is_shipped_only_when_every_supplier_has():
    first = trade("85123A")
    second = trade("POTS", retailer=first.retailer)
    lines = [line("85123A", variant=first.goods["85123A"]), line("POTS", variant=second.goods["POTS"])]
    order = first.place(*lines).order
    states = []
    for n, part in enumerate(order.supplier_orders.order_by("pk")):
        services.record_shipment(part, parcel(f"p{n}"), LEEDS)
        order.refresh_from_db()
        states.append(order.state)
    assert states == [OrderState.PARTLY_SHIPPED, OrderState.SHIPPED]
