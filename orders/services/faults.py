"""What is wrong with an order: pure checks over the rows and the plan, first fault a line, in the order in which a person would fix them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from catalog.models import PriceListAssignment, PriceListState, sku_key
from orders.holds import Fault, fault
from orders.models import Order, OrderLine
from orders.services.planning import Plan
from portal.companies.models import PartnershipState
from portal.lib.address import Address
from portal.lib.money import CENT, ZERO, display

RELATIONS: dict[str, str] = {
    PartnershipState.INVITED: "have not accepted each other as partners yet",
    PartnershipState.PAUSED: "have paused your partnership",
    PartnershipState.ENDED: "have ended your partnership",
}


def find_faults(order: Order, lines: Sequence[OrderLine], plan: Plan, unmatched: Sequence[Fault]) -> list[Fault]:
    """Every reason to hold ``order``, at most one a line, lines first; those that a person let through are left out."""
    goods = [line for line in lines if line.is_goods]
    by_line = {one.line_id: one for one in unmatched}
    found = [one for line in goods if (one := by_line.get(line.pk) or _line_fault(order, line, plan))]
    if goods:
        found += _order_faults(order, lines, plan)
    return found


def _line_fault(order: Order, line: OrderLine, plan: Plan) -> Fault | None:
    """The first check that fails and was not let through."""
    results = (check(order, line, plan) for check in _LINE_CHECKS)
    return next((one for one in results if one and one.code not in order.accepted_holds), None)


def _item(line: OrderLine) -> str:
    return f"{line.sku} ({line.name[:60]})" if line.sku else line.name[:60]


def _of_line(code: str, line: OrderLine, **words: object) -> Fault:
    """A fault about the line's goods, by whatever name a store calls them."""
    return fault(code, line_id=line.pk, about=sku_key(line.sku) or line.name, item=_item(line), **words)


def _of_supplier(code: str, line: OrderLine, plan: Plan, **words: object) -> Fault:
    """A fault that all goods of the line's supplier have in common."""
    supplier = plan.supplier_name(line)
    return fault(code, line_id=line.pk, about=supplier, item=_item(line), supplier=supplier, **words)


def _quantity(order: Order, line: OrderLine, plan: Plan) -> Fault | None:
    if line.quantity_as_received:
        return _of_line("fractional_quantity", line, quantity=line.quantity_as_received)
    if line.quantity < 0:
        return _of_line("negative_quantity", line, quantity=line.quantity)
    return _of_line("zero_quantity", line) if line.quantity == 0 else None


def _price(order: Order, line: OrderLine, plan: Plan) -> Fault | None:
    if line.unit_price > ZERO:
        return None
    return _of_line("zero_price", line, price=display(line.unit_price, order.currency))


def _sum(order: Order, line: OrderLine, plan: Plan) -> Fault | None:
    tax = ZERO if order.prices_include_tax else line.tax
    ours = line.quantity * line.unit_price - line.discount + tax
    if abs(ours - line.total) <= CENT:
        return None
    amounts = {"price": line.unit_price, "discount": line.discount, "tax": tax, "ours": ours, "theirs": line.total}
    said = {name: display(amount, order.currency) for name, amount in amounts.items()}
    return _of_line("line_sum", line, quantity=line.quantity, **said)


def _partnership(order: Order, line: OrderLine, plan: Plan) -> Fault | None:
    partnership = plan.partnership_of(line)
    if partnership is not None and partnership.state == PartnershipState.ACCEPTED:
        return None
    relation = RELATIONS.get(partnership.state, "") if partnership else "do not trade with each other here"
    return _of_supplier("no_partnership", line, plan, relation=relation)


def _stopped(order: Order, line: OrderLine, plan: Plan) -> Fault | None:
    variant = plan.variant_of(line)
    if variant.is_active and variant.product.is_active:
        return None
    return _of_line("product_stopped", line, supplier=plan.supplier_name(line))


def _listed_price(order: Order, line: OrderLine, plan: Plan) -> Fault | None:
    if line.variant_id in plan.prices:
        return None
    assigned = PriceListAssignment.objects.filter(
        partnership=plan.partnership_of(line), price_list__state=PriceListState.LIVE
    )
    if assigned.exists():
        return _of_line("no_price", line, supplier=plan.supplier_name(line))
    return _of_supplier("no_price_list", line, plan)


Check = Callable[[Order, OrderLine, Plan], Fault | None]
_LINE_CHECKS: tuple[Check, ...] = (_quantity, _price, _sum, _partnership, _stopped, _listed_price)


def _order_faults(order: Order, lines: Sequence[OrderLine], plan: Plan) -> list[Fault]:
    checks = (_total(order, lines), _ship_to(order, lines), _bill_to(order, plan))
    return [one for one in checks if one and one.code not in order.accepted_holds]


def sum_of(order: Order, lines: Sequence[OrderLine]) -> Decimal:
    """What the order's own figures come to: lines + postage − discount of the whole order + tax that stands on no line."""
    tax = ZERO if order.prices_include_tax else order.tax - sum((line.tax for line in lines), ZERO)
    return sum((line.total for line in lines), ZERO) + order.shipping - order.discount + tax


def _total(order: Order, lines: Sequence[OrderLine]) -> Fault | None:
    ours = sum_of(order, lines)
    if abs(ours - order.total) <= CENT:
        return None
    return fault("order_sum", ours=display(ours, order.currency), theirs=display(order.total, order.currency))


def _ship_to(order: Order, lines: Sequence[OrderLine]) -> Fault | None:
    addresses = [Address.from_json(line.ship_to or order.ship_to) for line in lines if line.is_goods]
    return None if all(one.address1 or one.city for one in addresses) else fault("no_ship_to")


def _bill_to(order: Order, plan: Plan) -> Fault | None:
    if order.company.has_address or not plan.variants:
        return None
    supplier = next(iter(plan.variants.values())).company.name[:60]
    return fault("no_address", supplier=supplier)
