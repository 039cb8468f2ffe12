"""Orders that no store told us of: a person or a program of the retailer enters them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from catalog.models import Listing, PriceList, Variant
from catalog.visibility import Offered, visible_to
from orders.data import Actor, EnteredLine, EnteredOrder, Imported, OrderData, OrderLineData
from orders.models import Counter, Order, OrderSource
from orders.services.importing import import_order
from portal.companies.models import Company
from portal.companies.models.audit import ActorKind
from portal.lib import clock
from portal.lib.errors import DomainError

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

SOURCE_NAME = "Entered by hand"


def enter_order(company: Company, entered: EnteredOrder, *, actor: Actor) -> Imported:
    """Enter an order of ``company`` for goods of its partners; it goes the same way as a store's order. The same ``token`` again is the same order.

    The customer's price is the listing's, else the suggested retail price. Raises DomainError without lines, for goods that no partner offers, a quantity
    below 1 or an address without street and town.
    """
    _check(entered)
    goods = _goods(company, entered)
    prices = _prices(company, goods)
    lines = tuple(
        _line(n, line, goods[line.variant_id], prices[line.variant_id]) for n, line in enumerate(entered.lines, start=1)
    )
    total = sum((line.total for line in lines), Decimal(0))
    data = OrderData(
        number=entered.number.strip() or _number(company, entered),
        source_id=entered.token,
        placed_at=clock.now(),
        currency=_currency(goods),
        lines=lines,
        subtotal=total,
        total=total,
        customer_name=entered.ship_to.full_name,
        customer_email=entered.ship_to.email,
        ship_to=entered.ship_to,
        bill_to=entered.ship_to,
        shipping_method=entered.shipping_method,
        comment=entered.comment,
    )
    source = OrderSource.API if actor.kind == ActorKind.KEY else OrderSource.HAND
    return import_order(
        company, data, source_key=f"hand-{company.pk}", source_name=SOURCE_NAME, actor=actor, source=source
    )


def _number(company: Company, entered: EnteredOrder) -> str:
    """The number of the order that ``token`` made before, else the next one."""
    known = Order.objects.filter(source_key=f"hand-{company.pk}", source_id=entered.token).first()
    return known.number if known else f"H-{Counter.next('hand-order')}"


def _check(entered: EnteredOrder) -> None:
    if not entered.lines:
        raise DomainError("Choose at least one product.", field="lines")
    if any(line.quantity < 1 for line in entered.lines):
        raise DomainError("A quantity is below 1. Enter how many units are to be shipped.", field="lines")
    if not (entered.ship_to.address1.strip() and entered.ship_to.city.strip()):
        raise DomainError("Enter street and town: the supplier ships to this address.", field="address1")


def _goods(company: Company, entered: EnteredOrder) -> dict[int, WithAnnotations[Variant, Offered]]:
    """The chosen goods with what ``visible_to`` tells of their prices, by id."""
    wanted = {line.variant_id for line in entered.lines}
    goods = {row.pk: row for row in visible_to(company).filter(pk__in=wanted).select_related("product")}
    if wanted - goods.keys():
        raise DomainError("One of the products is not offered to you any more. Choose again.", field="lines")
    return goods


def _currency(goods: Mapping[int, WithAnnotations[Variant, Offered]]) -> str:
    """The one currency of the suggested retail prices of ``goods``."""
    lists = PriceList.objects.filter(pk__in={row.price_list_id for row in goods.values()})
    currencies = {row.retail_currency or row.currency for row in lists}
    if len(currencies) > 1:
        raise DomainError(
            f"These goods are priced in {' and '.join(sorted(currencies))}. Enter one order a currency.", field="lines"
        )
    return currencies.pop()


def _prices(company: Company, goods: Mapping[int, WithAnnotations[Variant, Offered]]) -> dict[int, Decimal]:
    """What the customer pays for each: the listing's own price, else the suggested one."""
    own = Listing.objects.filter(company=company, variant_id__in=goods, retail_price__isnull=False)
    own_prices = {pk: price for pk, price in own.values_list("variant_id", "retail_price") if price is not None}
    return {pk: row.suggested for pk, row in goods.items()} | own_prices


def _line(number: int, line: EnteredLine, variant: Variant, price: Decimal) -> OrderLineData:
    return OrderLineData(
        source_line_id=str(number),
        sku=variant.sku,
        name=variant.full_name,
        quantity=Decimal(line.quantity),
        unit_price=price,
        total=price * line.quantity,
        variant_id=variant.pk,
    )
