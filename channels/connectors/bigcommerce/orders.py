"""Orders: reading them, and creating them exactly once (vendor reference, sections 5.1 to 5.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from channels.connectors.bigcommerce import areas, bodies, mapping, mapping_orders
from channels.connectors.bigcommerce.client import V2_LIMIT, Row, now_text, number
from channels.connectors.bigcommerce.part import Part
from channels.contract import ChannelOrder, CreatedOrder, OrderRequest, OrderRequestLine, RemoteOrderStatus
from channels.errors import ChannelError, Rejected, UnclearOutcome, UnexpectedPayload
from channels.http import Http

# The engine overlaps its walks by itself; this only covers that they date to the second.
OVERLAP = timedelta(seconds=2)
INCOMPLETE = 0


AT_A_TIME = 10


class OrdersPart(Part):
    """Orders of the store in both directions."""

    def orders(self, *, modified_since: datetime) -> Iterator[Sequence[ChannelOrder]]:
        """Orders modified since, oldest modification first.

        Pages are cut by time, not counted: an order that changes meanwhile moves to the end, and counted pages would then skip one.
        """
        for rows in self._changed(modified_since - OVERLAP):
            # Each order takes reads of its own: in small parts, so that one that fails late does not cost all of them.
            for start in range(0, len(rows), AT_A_TIME):
                yield list(self._complete(rows[start : start + AT_A_TIME]))

    def changed_orders(self, *, modified_since: datetime) -> Iterator[Sequence[ChannelOrder]]:
        """What changed, without lines and addresses: they would cost two reads an order."""
        for rows in self._changed(modified_since - OVERLAP):
            yield [mapping_orders.order(row, lines=(), addresses=()) for row in rows]

    def order(self, remote_id: str) -> ChannelOrder:
        row = self.client.get(f"/v2/orders/{number(remote_id)}", areas.ORDERS)
        if not isinstance(row, dict):
            raise UnexpectedPayload("BigCommerce answered something else than an order.", path="/v2/orders $")
        return next(iter(self._complete([row])))

    def order_statuses(self) -> Sequence[RemoteOrderStatus]:
        rows = self.client.get("/v2/order_statuses", areas.ORDERS) or []
        return [mapping_orders.order_status(row) for row in rows]

    def find_order(self, *, reference: str, reference_prefix: str, number: int) -> CreatedOrder | None:
        """The oldest order whose ``external_order_id`` is ours; the filter's answer is compared again here."""
        rows = [
            row
            for page in self.client.v2_pages("/v2/orders", areas.ORDERS, external_order_id=reference, sort="id:asc")
            for row in page
            if str(row.get("external_order_id") or "") == reference
        ]
        if not rows:
            return None
        first = min(rows, key=lambda row: int(row["id"]))
        return CreatedOrder(remote_id=str(first["id"]), number=str(first["id"]), line_ids={})

    def create_order(self, request: OrderRequest) -> CreatedOrder:
        if not request.ship_to.country:
            raise Rejected("The delivery address has no country, and BigCommerce needs one.", field="country")
        row = self.client.post("/v2/orders", areas.ORDERS_WRITE, bodies.order(request))
        if not isinstance(row, dict) or not row.get("id"):
            raise UnclearOutcome("BigCommerce accepted the order but did not tell its number.")
        remote_id = str(row["id"])
        return CreatedOrder(remote_id=remote_id, number=remote_id, line_ids=self._line_ids(remote_id, request.lines))

    # -- reading, in parts --
    def _changed(self, since: datetime) -> Iterator[list[Row]]:
        """Rows in the order of their modification, each (id, modification) once."""
        seen: set[tuple[Any, Any]] = set()
        page = 1
        while True:
            rows = self._page(since, page)
            fresh = [row for row in rows if _version(row) not in seen]
            if fresh:
                yield fresh
            if len(rows) < V2_LIMIT:
                return
            newest = mapping.moment(rows[-1].get("date_modified")) or since
            # More than a page in one second: count on inside that second.
            page = page + 1 if newest <= since else 1
            seen = {_version(row) for row in rows} | (seen if newest <= since else set())
            since = max(since, newest)

    def _page(self, since: datetime, page: int) -> list[Row]:
        body = self.client.get(
            "/v2/orders",
            areas.ORDERS,
            min_date_modified=now_text(since),
            sort="date_modified:asc",
            page=page,
            limit=V2_LIMIT,
        )
        if body is not None and not isinstance(body, list):
            raise UnexpectedPayload("BigCommerce answered something else than a list.", path="/v2/orders $")
        return body or []

    def _complete(self, rows: Sequence[Row]) -> Iterator[ChannelOrder]:
        """Orders with lines and addresses, several reads at a time. Carts that were never ordered are not worth a read."""
        wanted = [row for row in rows if row.get("status_id") != INCOMPLETE]
        parts = self.client.many([read for row in wanted for read in self._reads(row)])
        for row in rows:
            if row.get("status_id") == INCOMPLETE:
                yield mapping_orders.order(row, lines=(), addresses=())
            else:
                yield mapping_orders.order(row, lines=next(parts), addresses=next(parts))

    def _reads(self, row: Row) -> list[Any]:
        path = f"/v2/orders/{int(row['id'])}"

        def lines(http: Http) -> list[Row]:
            return self.client.v2_list(f"{path}/products", areas.ORDERS, http=http)

        def addresses(http: Http) -> list[Row]:
            return self.client.v2_list(f"{path}/shipping_addresses", areas.ORDERS, http=http)

        return [lines, addresses]

    def _line_ids(self, remote_id: str, lines: Sequence[OrderRequestLine]) -> Mapping[str, str]:
        """Our line id → theirs. The order stands whatever happens here, so a failure means "match by content"."""
        try:
            rows = self.client.v2_list(f"/v2/orders/{remote_id}/products", areas.ORDERS)
        except ChannelError:
            return {}
        return match_lines(lines, rows)


def match_lines(lines: Sequence[OrderRequestLine], rows: Sequence[Row]) -> dict[str, str]:
    """Pair what was asked with what was made, by product, variant and quantity, equals in their order; {} if one is left over."""
    left = list(rows)
    found: dict[str, str] = {}
    for line in lines:
        match = next((row for row in left if _is_same(line, row)), None)
        if match is None:
            return {}
        left.remove(match)
        found[line.line_id] = str(match["id"])
    return found


def _is_same(line: OrderRequestLine, row: Row) -> bool:
    if int(row.get("quantity") or 0) != line.quantity or mapping.amount(row.get("price_ex_tax")) != line.unit_price:
        return False
    theirs = (mapping.remote_id(row.get("product_id")), mapping.remote_id(row.get("variant_id")))
    if not line.remote_product_id:
        return theirs[0] == "" and str(row.get("name") or "") == bodies.line_name(line)
    return theirs[0] == line.remote_product_id and theirs[1] in {line.remote_variant_id, ""}


def _version(row: Row) -> tuple[Any, Any]:
    return row.get("id"), row.get("date_modified")
