"""A supplier order on its way into the supplier's hands. Every function may be called twice: the second call changes nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from catalog.services import note_deducted
from orders import signals
from orders.data import PORTAL, Actor
from orders.holds import HOLDS
from orders.models import Audience, EventKind, Order, OrderState, SupplierOrder, SupplierOrderState
from orders.services.deciding import HELD_STATES, decide
from orders.services.locks import catch_up, lock_order, lock_supplier_order
from orders.services.progress import refresh_order_state
from orders.workflow import is_behind, move, note
from portal.companies.models.audit import ActorKind
from portal.lib import clock
from portal.lib.errors import DomainError, InvalidMove

State = SupplierOrderState


class StillHeld(DomainError):
    """What held the order is still there."""

    code = "still_held"


@transaction.atomic
def accept_supplier_order(supplier_order: SupplierOrder, *, actor: Actor) -> SupplierOrder:
    """The supplier takes the order on; from now on it may be sent to its store. Raises InvalidMove for a cancelled one."""
    fresh = lock_supplier_order(supplier_order)
    if fresh.state == State.CANCELLED:
        raise InvalidMove(f"{fresh.reference} was cancelled meanwhile, so there is nothing to accept.")
    if not fresh.is_accepted:
        fresh.accepted_at = clock.now()
        fresh.save(update_fields=["accepted_at"])
        note(fresh, kind=EventKind.ACCEPTED, actor=actor)
        signals.supplier_order_ready.send(sender=SupplierOrder, supplier_order=fresh)
    catch_up(supplier_order, fresh)
    return fresh


@transaction.atomic
def start_sending(supplier_order: SupplierOrder) -> bool:
    """Somebody is about to create it outside: from here on it cannot be withdrawn. False when it must not be sent (any more)."""
    fresh = lock_supplier_order(supplier_order)
    may = fresh.is_accepted and fresh.state in {State.WAITING, State.SENDING}
    if may and fresh.state == State.WAITING:
        fresh.state = State.SENDING
        fresh.save(update_fields=["state"])
    catch_up(supplier_order, fresh)
    return may


@transaction.atomic
def confirm_sent(
    supplier_order: SupplierOrder,
    *,
    outside_number: str,
    outside_id: str,
    system_name: str,
    at: datetime | None = None,
    store_deducts: bool = True,
) -> None:
    """It exists outside, as ``outside_number`` in ``system_name``, since ``at``.

    ``store_deducts``: that system takes the units off its stock by itself, so our promise of them ends with the next stock reading that begins later.
    """
    fresh = lock_supplier_order(supplier_order)
    if fresh.outside_number == outside_number[:60] and fresh.sent_at:
        return
    moment = at or clock.now()
    fresh.outside_number, fresh.outside_system = outside_number[:60], system_name[:120]
    fresh.sent_at = fresh.sent_at or moment
    fresh.store_confirmed_at = moment if store_deducts else None
    fresh.held_code = fresh.held_reason = ""
    fresh.save(
        update_fields=["outside_number", "outside_system", "sent_at", "store_confirmed_at", "held_code", "held_reason"]
    )
    if store_deducts:
        note_deducted([line.reservation_key for line in fresh.lines.all()], at=moment)
    to = fresh.state if is_behind(fresh, State.SENT) else State.SENT
    actor = Actor(kind=ActorKind.STORE.value, name=system_name)
    move(fresh, to, kind=EventKind.SENT, actor=actor, number=outside_number, id=outside_id, system=system_name)
    refresh_order_state(fresh.order)
    catch_up(supplier_order, fresh)


@transaction.atomic
def note_unclear(supplier_order: SupplierOrder) -> None:
    """No clear answer came: it may be there. Said once until something else happens; the state stays *sending*."""
    fresh = lock_supplier_order(supplier_order)
    last = fresh.events.order_by("-pk").first()
    if last is None or last.kind != EventKind.SEND_UNCLEAR:
        note(fresh, kind=EventKind.SEND_UNCLEAR, actor=PORTAL, audience=Audience.SUPPLIER)


@transaction.atomic
def note_refused(supplier_order: SupplierOrder, sentence: str) -> None:
    """The supplier's system will not take it as it is, for the reason in ``sentence``: held until somebody acts."""
    fresh = lock_supplier_order(supplier_order)
    if fresh.state not in {State.WAITING, State.SENDING, State.HELD}:
        return
    if fresh.state == State.HELD and fresh.held_reason == sentence[:400]:
        return
    fresh.held_code, fresh.held_reason = "refused", sentence[:400]
    fresh.save(update_fields=["held_code", "held_reason"])
    move(fresh, State.HELD, kind=EventKind.SEND_REFUSED, actor=PORTAL, sentence=sentence[:400])
    refresh_order_state(fresh.order)
    catch_up(supplier_order, fresh)


@transaction.atomic
def release_hold(record: Order | SupplierOrder, *, actor: Actor) -> None:
    """Try a held order or supplier order again, letting through what a person may let through. Raises StillHeld with the reason that remains."""
    if isinstance(record, SupplierOrder):
        _release_supplier_order(record, actor)
        return
    order = lock_order(record)
    if order.state not in HELD_STATES:
        return
    codes = {order.held_code, *order.lines.exclude(held_code="").values_list("held_code", flat=True)}
    passed = {code for code in codes if code in HOLDS and HOLDS[code].may_pass}
    order.accepted_holds = sorted({*order.accepted_holds, *passed})
    order.save(update_fields=["accepted_holds"])
    if passed:
        note(
            order, kind=EventKind.NOTE, actor=actor, what="let_through", labels=[HOLDS[c].label for c in sorted(passed)]
        )
    decide(order, actor=actor)
    if order.state in HELD_STATES and not passed:
        raise StillHeld(f"The order still waits. {order.held_reason}")


def _release_supplier_order(supplier_order: SupplierOrder, actor: Actor) -> None:
    fresh = lock_supplier_order(supplier_order)
    if fresh.state != State.HELD:
        return
    fresh.held_code = fresh.held_reason = ""
    fresh.save(update_fields=["held_code", "held_reason"])
    move(fresh, State.WAITING, kind=EventKind.NOTE, actor=actor, what="tried_again")
    refresh_order_state(fresh.order)
    signals.supplier_order_ready.send(sender=SupplierOrder, supplier_order=fresh)
    catch_up(supplier_order, fresh)


def recheck_held_orders(company_id: int, *, most: int = 500) -> int:
    """Decide the held orders of a retailer anew, each in its own transaction; how many go on now."""
    waiting = Order.objects.filter(company=company_id, state__in=HELD_STATES, supplier_orders=None)
    return sum(recheck_order(pk) for pk in waiting.order_by("pk").values_list("pk", flat=True)[:most])


@transaction.atomic
def recheck_order(order_id: int) -> bool:
    """Decide one held order anew; whether it goes on now."""
    order = lock_order(order_id)
    if order.state not in HELD_STATES:
        return False
    decide(order, actor=PORTAL)
    return order.state == OrderState.ROUTED
