"""Orders for staff: what an operator scans at seven in the morning, and actions that call the same services as the portal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar, TypeVar

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from orders.data import Actor
from orders.models import (
    Counter,
    Order,
    OrderEvent,
    OrderLine,
    Shipment,
    ShipmentLine,
    SupplierOrder,
    SupplierOrderLine,
)
from orders.services import accept_supplier_order, cancel_order_before_sending, release_hold
from portal.companies.models.audit import ActorKind
from portal.companies.staff_actions import LookOnly
from portal.lib.errors import DomainError

Row = TypeVar("Row", bound=Model)


class OrdersAdmin(LookOnly, ModelAdmin):
    """Large tables: no count of everything, raw ids. History is rows, and services write them."""

    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = True
    ordering: ClassVar[tuple[str, ...]] = ("-pk",)


class OrderInline(LookOnly, TabularInline):
    extra = 0
    max_num = 0


class OrderLineInline(OrderInline):
    model = OrderLine
    fields = ("sku", "name", "kind", "quantity", "unit_price", "total", "variant", "held_code", "held_reason")
    raw_id_fields = ("variant",)


class SupplierOrderInline(OrderInline):
    model = SupplierOrder
    fields = ("reference", "supplier", "state", "total", "currency", "outside_number", "held_reason")
    show_change_link = True


class SupplierOrderLineInline(OrderInline):
    model = SupplierOrderLine
    fields = ("sku", "name", "quantity", "quantity_shipped", "quantity_cancelled", "unit_price")


class ShipmentInline(OrderInline):
    model = Shipment
    fields = ("carrier", "tracking_number", "source", "shipped_at", "told_at")
    show_change_link = True


class ShipmentLineInline(OrderInline):
    model = ShipmentLine
    fields = ("line", "quantity")


class EventInline(OrderInline):
    model = OrderEvent
    fields = ("at", "kind", "audience", "actor_kind", "actor_name", "data")


def staff(request: HttpRequest) -> Actor:
    """The member of staff who acts."""
    return Actor(kind=ActorKind.STAFF.value, user=request.user, name=str(request.user))


def each(request: HttpRequest, rows: Iterable[Row], act: Callable[[Row], object], done: str) -> None:
    """Do ``act`` with every row; say how many were ``done`` and, in its own sentence, why the first other was not."""
    count, refusals = 0, []
    for row in rows:
        try:
            act(row)
            count += 1
        except DomainError as error:
            refusals.append(f"{row}: {error.sentence}")
    if count:
        messages.success(request, f"{count} {done}.")
    for sentence in refusals[:5]:
        messages.error(request, sentence)


@admin.register(Order)
class OrderAdmin(OrdersAdmin):
    list_display = (
        "number",
        "company",
        "state",
        "held_code",
        "source_name",
        "total",
        "currency",
        "placed_at",
        "imported_at",
    )
    list_filter = ("state", "held_code", "source", "is_sandbox", "placed_at")
    list_select_related = ("company",)
    search_fields = ("number", "source_id", "customer_name", "company__name", "supplier_orders__reference")
    inlines = (OrderLineInline, SupplierOrderInline, EventInline)
    actions = ("check_again", "cancel")

    @admin.action(description="Check held orders again", permissions=("work",))
    def check_again(self, request: HttpRequest, rows: QuerySet[Order]) -> None:
        each(request, rows, lambda row: release_hold(row, actor=staff(request)), "orders checked")

    @admin.action(description="Cancel what nobody has yet", permissions=("work",))
    def cancel(self, request: HttpRequest, rows: QuerySet[Order]) -> None:
        each(request, rows, lambda row: cancel_order_before_sending(row, actor=staff(request)), "orders cancelled")

    def has_work_permission(self, request: HttpRequest) -> bool:
        """Staff with the right to change orders may use the actions, though no row can be edited."""
        return request.user.has_perm("orders.change_order")


@admin.register(SupplierOrder)
class SupplierOrderAdmin(OrdersAdmin):
    list_display = (
        "reference",
        "supplier",
        "retailer",
        "state",
        "held_code",
        "outside_number",
        "total",
        "currency",
        "due_at",
        "sent_at",
        "shipped_at",
    )
    list_filter = ("state", "held_code", "is_sandbox", "placed_at")
    list_select_related = ("supplier", "retailer")
    search_fields = ("reference", "outside_number", "order__number", "supplier__name", "retailer__name")
    raw_id_fields = ("order",)
    inlines = (SupplierOrderLineInline, ShipmentInline, EventInline)
    actions = ("send_again", "accept")

    @admin.action(description="Send held orders again", permissions=("work",))
    def send_again(self, request: HttpRequest, rows: QuerySet[SupplierOrder]) -> None:
        each(request, rows, lambda row: release_hold(row, actor=staff(request)), "orders sent on")

    @admin.action(description="Accept for the supplier", permissions=("work",))
    def accept(self, request: HttpRequest, rows: QuerySet[SupplierOrder]) -> None:
        each(request, rows, lambda row: accept_supplier_order(row, actor=staff(request)), "orders accepted")

    def has_work_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("orders.change_supplierorder")


@admin.register(Shipment)
class ShipmentAdmin(OrdersAdmin):
    list_display = ("supplier_order", "carrier", "tracking_number", "source", "shipped_at", "recorded_at", "told_at")
    list_filter = ("source", ("told_at", admin.EmptyFieldListFilter), "shipped_at")
    list_select_related = ("supplier_order",)
    search_fields = ("tracking_number", "supplier_order__reference", "source_key")
    inlines = (ShipmentLineInline,)


@admin.register(OrderEvent)
class OrderEventAdmin(OrdersAdmin):
    list_display = ("at", "kind", "order", "supplier_order", "audience", "actor_kind", "actor_name")
    list_filter = ("kind", "actor_kind", "audience", "at")
    list_select_related = ("order", "supplier_order")
    search_fields = ("order__number", "supplier_order__reference", "actor_name")


@admin.register(OrderLine)
class OrderLineAdmin(OrdersAdmin):
    list_display = ("order", "sku", "name", "kind", "quantity", "total", "held_code")
    list_filter = ("kind", "held_code")
    list_select_related = ("order",)
    search_fields = ("sku", "name", "order__number")


@admin.register(SupplierOrderLine)
class SupplierOrderLineAdmin(OrdersAdmin):
    list_display = ("supplier_order", "sku", "name", "quantity", "quantity_shipped", "quantity_cancelled", "unit_price")
    list_select_related = ("supplier_order",)
    search_fields = ("sku", "name", "supplier_order__reference")


@admin.register(ShipmentLine)
class ShipmentLineAdmin(OrdersAdmin):
    list_display = ("shipment", "line", "quantity")
    list_select_related = ("shipment", "line")
    search_fields = ("shipment__tracking_number", "line__sku")


@admin.register(Counter)
class CounterAdmin(OrdersAdmin):
    list_display = ("name", "last")
