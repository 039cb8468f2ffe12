"""The newest of the goods that partners offer to a retailer: each partner's list is walked in the index of that partner's own goods."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet

from catalog.models import Product
from catalog.visibility import offers_on
from catalog.walks import LiveList, Steps
from portal.lib.prepared import Prepared


def _step(price_list: int, seller: int, order: str, **beyond: int) -> QuerySet:
    offered = offers_on(price_list).filter(variant__product=OuterRef("pk"))
    here = Product.objects.filter(Exists(offered), company=seller, is_active=True, **beyond)
    return here.order_by(order).annotate(walked_key=F("pk"), walked_by=F("pk")).values_list("walked_key", "walked_by")


_STEPS = Steps(
    down=Prepared(lambda price_list, seller, beyond: _step(price_list, seller, "-pk", pk__lt=beyond)),
    up=Prepared(lambda price_list, seller, beyond: _step(price_list, seller, "pk", pk__gt=beyond)),
)


def newest(lists: Sequence[LiveList], *, size: int, beyond: int | None = None, is_up: bool = False) -> list[int]:
    """The ids of the next ``size`` products offered on ``lists`` (see ``walks.possible``), the newest first; oldest first when ``is_up``. Those beyond the
    product ``beyond`` only, if given. One statement."""
    walks = [{"price_list": one.pk, "seller": one.seller} for one in lists]
    sql, values = _STEPS.merged(walks, size=size, beyond=beyond, is_up=is_up)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [pk for (pk,) in cursor.fetchall()]
