"""The book of stock: units that a retailer's store shows of its listings, and units that a supplier's store has on hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.db.models import F, Sum

from catalog import selectors
from catalog.models import Reservation, StockChange, StockLevel, Variant
from channels.contract import ChannelVariant, StockFigure, Topic
from channels.errors import NotFound
from channels.models import ListingLink, OutboundKind, VariantLink
from channels.reconcile.entries import Book, Figures, Pair, Reading, Said, Seen, in_parts
from channels.reconcile.goods import GoodsPage, name_of, place_of, without_left_alone
from channels.reconcile.in_flight import being_heard, being_sent, hears_orders
from channels.sync.products import variant_ids


class ListingStock(Book):
    """What may be sold of each listing, and what the retailer's store shows of it."""

    name: ClassVar[str] = "stock"
    code: ClassVar[str] = "stock_shown"

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.seen = Seen()

    def compare(self, page: GoodsPage) -> list[Pair]:
        self.seen.add(link.pk for link in page.listings)
        return self._differing(page.listings, page.variants)

    def rest(self) -> Iterator[list[Pair]]:
        """Listings whose product no page showed: deleted there."""
        rows = ListingLink.objects.filter(integration=self.reading.integration, created_at__lt=self.reading.began)
        rows = rows.select_related("listing__variant__product", "listing__partnership")
        for links in self.seen.left_out(rows):
            yield self._differing(links, {})

    def look_again(self, pairs: list[Pair]) -> list[Pair]:
        """Both figures once more, product by product: what was on its way has mostly arrived by now."""
        links = {link.pk: link for link in self._links_of(pairs)}
        page = read_products(self.reading, {link.remote_product_id for link in links.values()})
        return self._differing(list(links.values()), page.variants, is_counted=False)

    def _links_of(self, pairs: list[Pair]) -> list[ListingLink]:
        rows = ListingLink.objects.filter(
            integration=self.reading.integration, listing_id__in=[pair.record[1] for pair in pairs if pair.record]
        )
        return list(rows.select_related("listing__variant__product", "listing__partnership"))

    def _differing(
        self, links: Sequence[ListingLink], theirs: dict[tuple[str, str], ChannelVariant], *, is_counted: bool = True
    ) -> list[Pair]:
        pairs = []
        for part in in_parts(without_left_alone(links, "stock")):
            wanted = selectors.available_for_listings([link.listing_id for link in part])
            for link in part:
                ours = wanted.get(link.listing_id, 0)
                if is_counted:
                    self.count(Said("", Decimal(ours)))
                if pair := _listing_pair(link, ours, theirs.get(place_of(link))):
                    pairs.append(pair)
        return self._without_moving(pairs, links)

    def _without_moving(self, pairs: list[Pair], links: Sequence[ListingLink]) -> list[Pair]:
        if not pairs:
            return pairs
        products = {link.listing_id: link.listing.product_id for link in links}
        told = being_sent(self.reading, (OutboundKind.STOCK,), [pair.record[1] for pair in pairs if pair.record])
        published = being_sent(self.reading, (OutboundKind.PUBLISH,), products.values())
        buying = bool(self.reading.coming_orders) or hears_orders(self.reading)
        return [
            replace(pair, is_on_the_way=True)
            if pair.record_id in told or products[pair.record_id] in published or (buying and pair.gap.amount > 0)
            else pair
            for pair in pairs
        ]


def _listing_pair(link: ListingLink, ours: int, theirs: ChannelVariant | None) -> Pair | None:
    pair = Pair(
        kind="",
        key=f"listing-{link.listing_id}",
        name=name_of(link),
        ours=Said(units(ours), Decimal(ours)),
        theirs=None,
        record=("listing", link.listing_id),
        remote_id=link.remote_product_id,
    )
    if theirs is None:
        return replace(pair, kind="listing_gone_there")
    if not link.listing.variant.tracks_stock and link.listing.is_active:
        # Goods that their source does not count are offered as plenty; each sale there leaves another figure.
        return None
    if theirs.stock is None:
        return replace(pair, kind="stock_uncounted_there", theirs=Said("not counted"))
    if theirs.stock == ours:
        return None
    kind = "stock_edited_there" if link.told_stock == ours else "stock_not_told"
    return replace(pair, kind=kind, theirs=Said(units(theirs.stock), Decimal(theirs.stock)))


class SourceStock(Book):
    """Units on hand by variant and place, as a supplier's store counts them and as we last read them."""

    name: ClassVar[str] = "stock"
    code: ClassVar[str] = "stock_held"

    def compare(self, page: Sequence[StockFigure]) -> list[Pair]:
        known = variant_ids(self.reading.integration, [figure.remote_product_id for figure in page])
        figures = [
            (known[place], figure)
            for figure in page
            if (place := (figure.remote_product_id, figure.remote_variant_id)) in known
        ]
        levels = self._levels({variant_id for variant_id, _ in figures})
        pairs = [self._pair(variant_id, figure, levels) for variant_id, figure in figures]
        return self._finish([pair for pair in pairs if pair])

    def arrived(self, since: datetime | None) -> Figures | None:
        """Units that came in by what the store told; None before the first statement."""
        if since is None:
            return None
        linked = VariantLink.objects.filter(integration=self.reading.integration).values("variant_id")
        rows = StockChange.objects.filter(at__gte=since, variant_id__in=linked, after__gt=F("before"))
        units_in = rows.aggregate(units=Sum(F("after") - F("before")))["units"]
        return Figures(0, Decimal(units_in or 0))

    def _levels(self, ids: set[int]) -> dict[tuple[int, str], tuple[int, datetime]]:
        rows = StockLevel.objects.filter(variant_id__in=ids).values_list(
            "variant_id", "location__key", "on_hand", "changed_at"
        )
        return {(variant_id, place): (on_hand, at) for variant_id, place, on_hand, at in rows}

    def _pair(self, variant_id: int, figure: StockFigure, levels) -> Pair | None:
        on_hand, changed_at = levels.get((variant_id, figure.location), (None, None))
        self.count(Said("", Decimal(on_hand or 0)))
        if on_hand == figure.on_hand:
            return None
        return Pair(
            kind="stock_missed",
            key=f"variant-{variant_id}-{figure.location}"[:120],
            name="",
            ours=Said("not read yet" if on_hand is None else units(on_hand), Decimal(on_hand or 0)),
            theirs=Said(units(figure.on_hand), Decimal(figure.on_hand)),
            record=("variant", variant_id),
            remote_id=figure.remote_product_id,
            # Figures carry no date: without webhooks another one is no more than what the next reading brings.
            is_on_the_way="pull_stock" in self.reading.pulled
            or (changed_at is not None and changed_at >= self.reading.began),
        )

    def _finish(self, pairs: list[Pair]) -> list[Pair]:
        if not pairs:
            return pairs
        heard = being_heard(self.reading, (Topic.PRODUCT, Topic.STOCK), [pair.remote_id for pair in pairs])
        ids = [pair.record[1] for pair in pairs if pair.record]
        names, taken = _names(ids), _taken_off(ids)
        return [
            replace(
                pair,
                name=names.get(pair.record_id, "") + _place(pair),
                is_on_the_way=pair.is_on_the_way
                or pair.remote_id in heard
                or pair.gap.amount == taken.get(pair.record_id, 0),
            )
            for pair in pairs
        ]


def read_products(reading: Reading, remote_ids: set[str]) -> GoodsPage:
    """Single products as the store has them now; those that are gone are left out. Raises ChannelError."""
    found = []
    for remote_id in sorted(remote_ids):
        try:
            found.append(reading.connector.product(remote_id))
        except NotFound:
            continue
    return GoodsPage(reading, found)


def units(number: int) -> str:
    """ "1 unit", "12 units"."""
    return f"{number:,} unit{'' if number == 1 else 's'}"


def _names(variant_ids: Sequence[int]) -> dict[int, str]:
    rows = Variant.objects.filter(pk__in=variant_ids).values_list("pk", "sku", "product__name")
    return {pk: " · ".join(part for part in (sku, name) if part)[:200] for pk, sku, name in rows}


def _taken_off(variant_ids: Sequence[int]) -> dict[int, int]:
    """Units that the store took off its figure for orders of ours, and that our next reading will show."""
    rows = Reservation.objects.filter(
        variant_id__in=variant_ids, released_at__isnull=True, deducted_at__isnull=False
    ).values("variant_id")
    return dict(rows.annotate(units=Sum("quantity")).values_list("variant_id", "units"))


def _place(pair: Pair) -> str:
    place = pair.key.split("-", 2)[-1]
    return "" if place == "default" else f" (place {place[:40]})"
