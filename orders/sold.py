"""What the catalogue may know of orders: units that partners bought."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import F, Sum

from orders.models import SupplierOrderLine
from orders.models.supplier_order import SupplierOrderState


def units_of(partnership_ids: Collection[int], since: datetime) -> Mapping[int, int]:
    """Units by variant on orders of these partnerships placed since then, without what was cancelled. One query."""
    rows = SupplierOrderLine.objects.filter(
        supplier_order__partnership__in=list(partnership_ids), supplier_order__placed_at__gte=since
    ).exclude(supplier_order__state=SupplierOrderState.CANCELLED)
    sums = rows.values("variant_id").annotate(units=Sum(F("quantity") - F("quantity_cancelled"))).order_by()
    return dict(sums.values_list("variant_id", "units"))
