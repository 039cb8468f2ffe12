"""Orders on Home and in the search: what waits for a person, how the last days went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from orders.models import Order, OrderState, SupplierOrder, SupplierOrderState
from orders.workflow import OPEN
from portal.companies.permissions import Can
from portal.companies.scope import Scope
from portal.lib import clock
from portal.ui import finding, todo
from portal.web.sources.links import counted, sums, to

DAYS = 14
_MONTH = timedelta(days=30)
_SHIPPED = (OrderState.SHIPPED, OrderState.PARTLY_SHIPPED)
_ON_THEIR_WAY = (SupplierOrderState.SHIPPED, SupplierOrderState.PARTLY_SHIPPED)


def register() -> None:
    """Called once when Django starts."""
    for source in (to_accept, late):
        todo.todos.register(source)
    todo.figures.register(order_figures)
    todo.charts.register(orders_a_day)
    todo.summaries.register(since_midnight)
    todo.steps.register(first_order_step)
    finding.register("Orders", "shopping-cart", find_orders)


def to_accept(scope: Scope) -> Iterable[todo.Todo]:
    """Supplier orders that a person agreed to accept by hand."""
    if not scope.can(Can.ORDERS):
        return
    rows = SupplierOrder.objects.filter(supplier=scope.company, accepted_at=None, state=SupplierOrderState.WAITING)
    if number := rows.count():
        said = counted(number, "order waits", "orders wait")
        yield todo.Todo(
            f"{said} for you to accept", _worth(rows), to("orders-to-ship", tab="accept"), "Accept", "acc", "inbox", 20
        )


def late(scope: Scope) -> Iterable[todo.Todo]:
    """Parts of orders that should have left the house."""
    rows = SupplierOrder.objects.filter(supplier=scope.company, state__in=OPEN, due_at__lt=clock.now())
    if number := rows.count():
        said = counted(number, "order is", "orders are")
        yield todo.Todo(f"{said} late", _worth(rows), to("orders-to-ship", tab="late"), "Ship now", "warn", "clock", 15)


def since_midnight(scope: Scope) -> Iterable[str]:
    """The line under the date."""
    rows = _trade(scope).filter(placed_at__gte=_midnight(timezone.localdate()))
    number = rows.count()
    if not number:
        return
    worth = sums((row["currency"], row["worth"]) for row in _by_currency(rows))
    gone = rows.filter(state__in=_ON_THEIR_WAY if _is_parts(scope) else _SHIPPED).count()
    moving = f" {gone:,} {'is' if gone == 1 else 'are'} on their way." if gone else ""
    yield f"{counted(number, 'order')} worth {worth} since midnight.{moving}"


def order_figures(scope: Scope) -> Iterable[todo.Figure]:
    """Shipped on time, and orders with no hand work, over 30 days; nothing before the first order."""
    parts = SupplierOrder.objects.for_company(scope.company).filter(placed_at__gte=clock.now() - _MONTH)
    shipped = parts.filter(shipped_at__isnull=False)
    found = shipped.aggregate(all=Count("pk"), good=Count("pk", filter=Q(due_at=None) | Q(shipped_at__lte=F("due_at"))))
    if found["all"]:
        yield todo.Figure(
            "Shipped on time",
            f"{found['good'] / found['all']:.1%}".removesuffix("%"),
            "%",
            f"{found['good']:,} of {found['all']:,} in 30 days",
            url=to("orders"),
        )
    open_now = parts.filter(state__in=OPEN).count()
    if found["all"] or open_now:
        yield todo.Figure("Open orders", f"{open_now:,}", detail="waiting, sent or partly shipped", url=to("orders"))


def orders_a_day(scope: Scope) -> Iterable[todo.Chart]:
    """The last fourteen days: the biggest partner of them, and the others together."""
    first = timezone.localdate() - timedelta(days=DAYS - 1)
    path = "retailer__name" if _is_parts(scope) else "source_name"
    rows = _trade(scope).filter(placed_at__gte=_midnight(first)).annotate(on=TruncDate("placed_at"))
    found = list(rows.order_by().values_list("on", path).annotate(n=Count("pk")))
    if not found:
        return
    totals: Counter[str] = Counter()
    for _, name, number in found:
        totals[name or "By hand"] += number
    biggest = totals.most_common(1)[0][0]
    days = tuple(_day(first + timedelta(days=i), found, biggest, alone=len(totals) == 1) for i in range(DAYS))
    best = max(days, key=lambda day: sum(day.parts))
    finding_ = f"Highest {sum(best.parts):,} on {best.on:%-d %B}."
    yield todo.Chart((biggest,) if len(totals) == 1 else (biggest, "Others"), days, finding_)


def first_order_step(scope: Scope) -> Iterable[todo.Step]:
    """The first order that went the whole way."""
    shipped = SupplierOrder.objects.for_company(scope.company).filter(state__in=_ON_THEIR_WAY).exists()
    under_way = None if shipped else SupplierOrder.objects.for_company(scope.company).order_by("-pk").first()
    said = "Place one in the store, and watch it: split, priced, sent, shipped, tracking back."
    yield todo.Step(
        50,
        "See the first order through",
        f"{under_way.reference} is {under_way.get_state_display().lower()}." if under_way else said,
        to("supplier-order", under_way.reference) if under_way else to("orders"),
        "Watch it" if under_way else "Open Orders",
        is_done=shipped,
    )


def find_orders(scope: Scope, text: str) -> Iterable[finding.Hit]:
    """By our reference, the store's numbers or a tracking number."""
    numbered = Q(reference__istartswith=text) | Q(outside_number__istartswith=text) | Q(order__number__istartswith=text)
    tracked = Q(shipments__tracking_number__istartswith=text)
    parts = SupplierOrder.objects.for_company(scope.company).filter(numbered | tracked)
    for part in parts.select_related("order", "supplier", "retailer").distinct().order_by("-pk")[: finding.MOST]:
        other = part.retailer if part.supplier_id == scope.company.pk else part.supplier
        detail = f"{other} · {part.get_state_display()}"
        yield finding.Hit(f"Order {part.order.number}", to("supplier-order", part.reference), detail, part.reference)
    waiting = Order.objects.for_company(scope.company).filter(number__istartswith=text, supplier_orders=None)
    for order in waiting.order_by("-pk")[: finding.MOST]:
        yield finding.Hit(f"Order {order.number}", to("order", order.pk), order.get_state_display())


def _is_parts(scope: Scope) -> bool:
    """A supplier counts the parts that it ships, a retailer its customers' orders."""
    return scope.company.is_supplier


def _trade(scope: Scope) -> QuerySet:
    return (
        SupplierOrder.objects.filter(supplier=scope.company)
        if _is_parts(scope)
        else Order.objects.for_company(scope.company)
    )


def _by_currency(rows: QuerySet) -> QuerySet:
    return rows.order_by().values("currency").annotate(worth=Sum("total")).order_by("currency")


def _worth(rows: QuerySet) -> str:
    oldest = rows.order_by("placed_at").values_list("placed_at", flat=True).first()
    worth = sums((row["currency"], row["worth"]) for row in _by_currency(rows))
    return f"Worth {worth} · oldest is from {timezone.localtime(oldest):%-d %b %H:%M}" if oldest else ""


def _day(on: date, found: list[tuple[date, str, int]], biggest: str, *, alone: bool) -> todo.Day:
    mine = sum(n for day, name, n in found if day == on and (name or "By hand") == biggest)
    others = sum(n for day, name, n in found if day == on) - mine
    return todo.Day(on, (mine,) if alone else (mine, others))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
