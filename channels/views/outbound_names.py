"""What an outbound row is about, as people call it: an order by its reference, goods by SKU and name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.db.models import Value
from django.db.models.functions import Concat

from catalog.models import Listing, Product
from channels.models import Outbound, OutboundKind
from orders.models import Shipment, SupplierOrder

Pairs = Iterable[tuple[int, str]]


def _goods(ids: list[int]) -> Pairs:
    return Listing.objects.filter(pk__in=ids).values_list("pk", Concat("variant__sku", Value(" "), "product__name"))


_NAMES: dict[str, Callable[[list[int]], Pairs]] = {
    OutboundKind.CREATE_ORDER: lambda ids: SupplierOrder.objects.filter(pk__in=ids).values_list("pk", "reference"),
    OutboundKind.CREATE_SHIPMENT: lambda ids: Shipment.objects.filter(pk__in=ids).values_list("pk", "tracking_number"),
    OutboundKind.PUBLISH: lambda ids: Product.objects.filter(pk__in=ids).values_list("pk", "name"),
    OutboundKind.STOCK: _goods,
    OutboundKind.PRICE: _goods,
}


def name_rows(rows: Iterable[Outbound]) -> list[Outbound]:
    """``rows``, each with its ``record_name``; "No. 7" for what has none any more. One query a kind."""
    rows = list(rows)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row.record_id)
    names = {(kind, pk): name.strip() for kind, ids in by_kind.items() for pk, name in _NAMES[kind](ids) if name}
    for row in rows:
        row.record_name = names.get((row.kind, row.record_id)) or f"No. {row.record_id}"
    return rows
