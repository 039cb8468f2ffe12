"""Orders: reading them, and creating them exactly once (vendor reference, sections 5.1 to 5.3)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from channels.connectors.bigcommerce import areas, bodies, mapping, mapping_orders
from channels.connectors.bigcommerce.client import V2_LIMIT, Row, now_text, number
from channels.connectors.bigcommerce.part import Part
from channels.contract import (
    STRICT,
    ChannelOrder,
    CreatedOrder,
    Known,
    OrderRequest,
    OrderRequestLine,
    Reads,
    RemoteOrderStatus,
    Topic,
    readable,
)
from channels.errors import ChannelError, NotFound, Rejected, UnclearOutcome, UnexpectedPayload
from channels.http import Http

# The engine overlaps its walks by itself; this only covers that they date to the second.
OVERLAP = timedelta(seconds=2)
INCOMPLETE = 0
AT_A_TIME = 10


class OrdersPart(Part):
    """Orders of the store in both directions."""

    def orders(self, *, modified_since: datetime, known: Known | None = None) -> Iterator[Sequence[ChannelOrder]]:
        """Orders modified since, oldest modification first; those that ``known`` names without lines and addresses.

        Pages are cut by time, not counted: an order that changes meanwhile moves to the end, and counted pages would then skip one.
        """
        for rows in self._changed(modified_since - OVERLAP):
            bare = known(_versions(rows)) if known else ()
            # Each order takes reads of its own: in small parts, so that one that fails late does not cost all of them.
            for part in _parts(rows, bare):
                yield list(self._complete(part, bare=bare, reads=self.session.reads))

    def changed_orders(self, *, modified_since: datetime) -> Iterator[Sequence[ChannelOrder]]:
        """What changed, without lines and addresses: they would cost two reads an order."""
        for rows in self._changed(modified_since - OVERLAP):
            yield list(readable(self.session.reads, Topic.ORDER, rows, _without_details, key=_id))

    def order(self, remote_id: str) -> ChannelOrder:
        row = self.client.get(f"/v2/orders/{number(remote_id)}", areas.ORDERS)
        if not isinstance(row, dict):
            raise UnexpectedPayload("BigCommerce answered something else than an order.", path="/v2/orders $")
        found = next(self._complete([row]), None)
        if found is None:
            raise NotFound("BigCommerce does not have the lines of this order any more.", status=404)
        return found

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
            newest = max(_versions(rows).values(), default=since)
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

    def _complete(
        self, rows: Sequence[Row], *, bare: Collection[str] = (), reads: Reads = STRICT
    ) -> Iterator[ChannelOrder]:
        """Orders with lines and addresses, several reads at a time; those in ``bare`` without. Raises NotFound for a single one that is gone."""
        wanted = [row for row in rows if _has_details(row, bare)]
        parts = self.client.many([read for row in wanted for read in self._reads(row)])

        def read(row: Row) -> ChannelOrder:
            if not _has_details(row, bare):
                return _without_details(row)
            lines, addresses = next(parts), next(parts)
            return mapping_orders.order(row, lines=_given(lines), addresses=_given(addresses))

        return readable(reads, Topic.ORDER, rows, read, key=_id)

    def _reads(self, row: Row) -> list[Any]:
        path = f"/v2/orders/{int(row['id'])}"

        def reading(name: str) -> Callable[[Http], list[Row] | ChannelError]:
            return lambda http: _or_error(lambda: self.client.v2_list(f"{path}/{name}", areas.ORDERS, http=http))

        return [reading("products"), reading("shipping_addresses")]

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


def _id(row: Row) -> object:
    return row.get("id")


def _without_details(row: Row) -> ChannelOrder:
    return mapping_orders.order(row, lines=(), addresses=())


def _has_details(row: Row, bare: Collection[str]) -> bool:
    """Carts that were never ordered are not worth a read; what has no id cannot be read."""
    return row.get("status_id") != INCOMPLETE and str(_id(row)).isdecimal() and str(_id(row)) not in bare


def _parts(rows: Sequence[Row], bare: Collection[str]) -> Iterator[list[Row]]:
    """``rows`` in parts that cost so many reads at most."""
    part: list[Row] = []
    costs = 0
    for row in rows:
        part.append(row)
        costs += _has_details(row, bare)
        if costs == AT_A_TIME:
            yield part
            part, costs = [], 0
    if part:
        yield part


def _or_error(read: Callable[[], list[Row]]) -> list[Row] | ChannelError:
    """What was read, or the error that concerns this one order: the others are read all the same."""
    try:
        return read()
    except (UnexpectedPayload, NotFound) as error:
        return error


def _given(found: list[Row] | ChannelError) -> list[Row]:
    if isinstance(found, ChannelError):
        raise found
    return found


def _versions(rows: Sequence[Row]) -> dict[str, datetime]:
    """Id → modification, of the rows that tell one that can be read."""
    found = {}
    for row in rows:
        try:
            modified = mapping.moment(row.get("date_modified"))
        except UnexpectedPayload:
            continue
        if modified:
            found[str(_id(row))] = modified
    return found


def _version(row: Row) -> tuple[Any, Any]:
    return row.get("id"), row.get("date_modified")
