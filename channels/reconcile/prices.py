"""The book of prices: what stands on a retailer's shelf, and what a supplier's store asks for its goods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import ClassVar

from catalog import selectors
from catalog.selectors import ListingTerms
from channels.contract import ChannelProduct, ChannelVariant, Topic
from channels.models import ListingLink, OutboundKind, ProductLink, VariantLink
from channels.reconcile.entries import Book, Pair, Reading, Said, Seen
from channels.reconcile.goods import GoodsPage, name_of, place_of, without_left_alone
from channels.reconcile.in_flight import being_heard, being_sent
from channels.reconcile.stock import read_products
from portal.lib.money import ZERO, display

# Stores keep prices as fractions of their own; less than half a cent is the same price.
SAME = Decimal("0.005")


class ListingPrices(Book):
    """Shelf price and cost of each listing, as the list says and as the retailer's store has them."""

    name: ClassVar[str] = "prices"
    code: ClassVar[str] = "prices_shown"
    is_money: ClassVar[bool] = True

    def compare(self, page: GoodsPage) -> list[Pair]:
        return self._differing(page)

    def look_again(self, pairs: list[Pair]) -> list[Pair]:
        """Both prices once more, product by product."""
        wanted = {pair.record[1] for pair in pairs if pair.record}
        again = self._differing(read_products(self.reading, {pair.remote_id for pair in pairs}), is_counted=False)
        return [pair for pair in again if pair.record and pair.record[1] in wanted]

    def _differing(self, page: GoodsPage, *, is_counted: bool = True) -> list[Pair]:
        ours = without_left_alone(page.listings, "price")
        links = [link for link in ours if link.listing.is_active and place_of(link) in page.variants]
        terms = selectors.listing_terms([link.listing for link in links])
        currency = self.reading.integration.currency
        pairs = []
        for link in links:
            term = terms.get(link.listing_id)
            if term is None or term.retail_currency != currency:
                # Nothing that the store could take: a problem of its own says so.
                continue
            if is_counted:
                self.count(Said("", term.retail_amount))
            if pair := _listing_pair(link, term, page.variants[place_of(link)], currency):
                pairs.append(pair)
        return self._without_moving(pairs, links)

    def _without_moving(self, pairs: list[Pair], links: list[ListingLink]) -> list[Pair]:
        if not pairs:
            return pairs
        products = {link.listing_id: link.listing.product_id for link in links}
        told = being_sent(self.reading, (OutboundKind.PRICE,), [pair.record[1] for pair in pairs if pair.record])
        published = being_sent(self.reading, (OutboundKind.PUBLISH,), products.values())
        return [
            replace(pair, is_on_the_way=pair.record_id in told or products[pair.record_id] in published)
            for pair in pairs
        ]


def _listing_pair(link: ListingLink, term: ListingTerms, theirs: ChannelVariant, currency: str) -> Pair | None:
    price_differs = _differs(term.retail_amount, theirs.price)
    # A store that keeps no cost has nothing that could be wrong.
    cost_differs = theirs.cost is not None and _differs(term.cost, theirs.cost)
    if not price_differs and not cost_differs:
        return None
    is_told = (link.told_price, link.told_cost) == (term.retail_amount, term.cost)
    return Pair(
        kind="price_edited_there" if is_told else "price_not_told",
        key=f"listing-{link.listing_id}",
        name=name_of(link),
        ours=Said(_words(term.retail_amount, term.cost if cost_differs else None, currency), term.retail_amount),
        theirs=Said(_words(theirs.price, theirs.cost if cost_differs else None, currency), theirs.price or ZERO),
        record=("listing", link.listing_id),
        remote_id=link.remote_product_id,
        value=abs(term.retail_amount - (theirs.price or ZERO)) if price_differs else None,
        currency=currency,
    )


class SourcePrices(Book):
    """Goods of a supplier's store with their prices, there and in our catalogue; also goods that only one side has."""

    name: ClassVar[str] = "prices"
    code: ClassVar[str] = "prices_asked"
    is_money: ClassVar[bool] = True

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.seen = Seen()

    def compare(self, page: GoodsPage) -> list[Pair]:
        self.seen.add(link.pk for link in page.links.values())
        return self._finish([*self._goods(page), *self._prices(page)], page)

    def rest(self) -> Iterator[list[Pair]]:
        """Goods that we offer and that no page showed."""
        rows = ProductLink.objects.filter(
            integration=self.reading.integration, product__is_active=True, created_at__lt=self.reading.began
        ).select_related("product")
        for links in self.seen.left_out(rows):
            yield [_goods_pair("goods_gone_there", link) for link in links]

    def look_again(self, pairs: list[Pair]) -> list[Pair]:
        """Both sides once more, product by product."""
        keys = {pair.key for pair in pairs}
        page = read_products(self.reading, {pair.remote_id for pair in pairs})
        again = self._finish([*self._goods(page), *self._prices(page, is_counted=False)], page)
        lost = [pair for pair in pairs if pair.kind == "goods_gone_there" and pair.remote_id not in page.products]
        return lost + [pair for pair in again if pair.key in keys]

    def _goods(self, page: GoodsPage) -> list[Pair]:
        pairs = []
        for remote_id, product in page.products.items():
            link = page.links.get(remote_id)
            if link is None and product.is_active and remote_id not in page.listed_products:
                pairs.append(_unknown_goods(product))
            elif link is not None and link.product.is_active != product.is_active:
                pairs.append(_goods_pair("goods_state", link, is_active=product.is_active))
        return pairs

    def _prices(self, page: GoodsPage, *, is_counted: bool = True) -> list[Pair]:
        pairs = []
        for link in page.variant_links:
            theirs = page.variants.get(place_of(link))
            if theirs is None or not link.variant.product.is_active:
                continue
            if is_counted:
                self.count(Said("", link.variant.price or ZERO))
            if _differs(link.variant.price or ZERO, theirs.price):
                pairs.append(_price_pair(link, theirs, link.variant.currency))
        return pairs

    def _finish(self, pairs: list[Pair], page: GoodsPage) -> list[Pair]:
        if not pairs:
            return pairs
        heard = being_heard(self.reading, (Topic.PRODUCT, Topic.STOCK), [pair.remote_id for pair in pairs])
        fresh = {
            remote_id
            for remote_id, product in page.products.items()
            if self.reading.is_fresh(product.modified_at, pulled_by="pull_products")
        }
        return [replace(pair, is_on_the_way=pair.remote_id in heard | fresh) for pair in pairs]


def _price_pair(link: VariantLink, theirs: ChannelVariant, currency: str) -> Pair:
    ours = link.variant.price or ZERO
    return Pair(
        kind="price_missed",
        key=f"variant-{link.variant_id}",
        name=name_of(link),
        ours=Said(_words(ours, None, currency), ours),
        theirs=Said(_words(theirs.price, None, currency), theirs.price or ZERO),
        record=("variant", link.variant_id),
        remote_id=link.remote_product_id,
        value=abs(ours - (theirs.price or ZERO)),
        currency=currency,
    )


def _unknown_goods(product: ChannelProduct) -> Pair:
    skus = ", ".join(variant.sku for variant in product.variants if variant.sku)[:100]
    return Pair(
        kind="goods_not_here",
        key=f"remote-{product.remote_id}",
        name=" · ".join(part for part in (skus, product.name) if part)[:255],
        ours=None,
        theirs=Said("on sale", count=len(product.variants)),
        remote_id=product.remote_id,
    )


def _goods_pair(kind: str, link: ProductLink, *, is_active: bool | None = None) -> Pair:
    words = {True: "on sale", False: "hidden"}
    return Pair(
        kind=kind,
        key=f"product-{link.product_id}",
        name=link.product.name,
        ours=Said(words[link.product.is_active]),
        theirs=None if is_active is None else Said(words[is_active]),
        record=("product", link.product_id),
        remote_id=link.remote_id,
    )


def _differs(ours: Decimal, theirs: Decimal | None) -> bool:
    return abs(ours - (theirs or ZERO)) >= SAME


def _words(price: Decimal | None, cost: Decimal | None, currency: str) -> str:
    words = display(price or ZERO, currency)
    return words if cost is None else f"{words}, cost {display(cost, currency)}"
