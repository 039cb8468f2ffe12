"""Publishing listings: looked up by SKU, made hidden, stocked, then shown (vendor reference, sections 4.1 to 4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from channels.connectors.bigcommerce import areas, listings
from channels.connectors.bigcommerce.catalog import PRODUCTS
from channels.connectors.bigcommerce.client import Row, number
from channels.connectors.bigcommerce.levels import VARIANT_BATCH, in_batches
from channels.connectors.bigcommerce.locating import LocatingPart, Places
from channels.contract import ListingRequest, ListingVariant, PublishedListing, PublishResult, StockUpdate
from channels.errors import AlreadyThere, NotFound, Rejected, UnclearOutcome

IMAGE_URL_LENGTH = 255


class PublishingPart(LocatingPart):
    """Products of partners in the retailer's store."""

    def publish(self, request: ListingRequest) -> PublishResult:
        """Safe to repeat at any point: what is there is found by its id or SKU and brought up to date."""
        listings.check(request)
        places = self._locate(request)
        self._make_missing(request, places)
        for product in places.products():
            if product["id"] not in places.made:
                self._refresh(request, product, places)
        self._stock(request, places)
        for product in places.products():
            self._show(product, request.is_visible)
        return PublishResult(
            tuple(
                PublishedListing(listing_id, str(product["id"]), str(row["id"]))
                for listing_id, (product, row) in places.found.items()
            ),
            tuple(places.notes),
            places.image_url,
        )

    def unpublish(self, request: ListingRequest) -> None:
        """Hidden first, so that nobody buys meanwhile; then stock 0. What is gone already is fine."""
        ids = {variant.remote_product_id or request.remote_product_id for variant in request.variants}
        for product_id in sorted(filter(None, ids | {request.remote_product_id})):
            try:
                self._put_product(number(product_id), {"is_visible": False})
            except NotFound:
                continue
        zero = [
            StockUpdate(variant.remote_product_id or request.remote_product_id, variant.remote_variant_id, 0)
            for variant in request.variants
            if variant.remote_variant_id
        ]
        for outcome in self.update_stock(zero):
            if outcome.error and not _is_beyond_sale(outcome.error):
                raise outcome.error

    # -- making --
    def _make_missing(self, request: ListingRequest, places: Places) -> None:
        """Create what is not there."""
        missing = places.missing(request)
        if not missing:
            return
        home = next((each for each in places.products() if not each.get("base_variant_id")), None)
        try:
            product = self._extend(request, home, missing) if home else self._create(request, missing, places)
        except AlreadyThere as error:
            self._make_rest(request, places, error)
            return
        if home:
            places.found = {key: value for key, value in places.found.items() if value[0]["id"] != home["id"]}
        self._take(request, places, product, is_ours=True)
        if places.missing(request) and not home:
            self._take(request, places, self._read(str((product or {})["id"])), is_ours=True)
        if places.missing(request):
            raise UnclearOutcome("BigCommerce took the product but does not show all of its variants yet.")

    def _make_rest(self, request: ListingRequest, places: Places, error: AlreadyThere) -> None:
        """A SKU was taken that the look-up had not met: find all of them, and make what is still missing."""
        before = len(places.missing(request))
        self._look_up(request, places, places.missing(request))
        if len(places.missing(request)) == before:
            raise error
        self._make_missing(request, places)

    def _create(self, request: ListingRequest, variants: Sequence[ListingVariant], places: Places) -> Row:
        category = self.session.settings.get("category", "")
        name = request.name.strip() or variants[0].sku
        try:
            row = self._post_product(listings.new_product(request, variants, name, category), places)
        except AlreadyThere as error:
            if error.field != "name":
                raise
            name = listings.with_sku(name, variants[0].sku)
            places.notes.append(f"The store already has a product of this name, so it is called “{name}” there.")
            row = self._post_product(listings.new_product(request, variants, name, category), places)
        self._add_image(int(row["id"]), request.image_url or variants[0].image_url, places)
        return row

    def _post_product(self, body: dict[str, Any], places: Places) -> Row:
        answer = self.client.post(PRODUCTS, areas.PRODUCTS_WRITE, body)
        row = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(row, dict) or not row.get("id"):
            raise UnclearOutcome("BigCommerce accepted the product but did not tell its number.")
        places.made.add(row["id"])
        # 207: saved, but stock or address was not (section 4.1).
        if not answer.get("errors"):
            places.complete.add(row["id"])
        return row

    def _extend(self, request: ListingRequest, product: Row, variants: Sequence[ListingVariant]) -> Row | None:
        """Add variants to a product with choices, and read it again."""
        labels = listings.option_labels(request.variants)
        made = [listings.new_variant(variant, labels[variant.listing_id]) for variant in variants]
        for start in range(0, len(made), VARIANT_BATCH):
            self._put_product(product["id"], {"variants": made[start : start + VARIANT_BATCH]})
        return self._read(str(product["id"]))

    def _add_image(self, product_id: int, url: str, places: Places) -> None:
        if not url:
            return
        if len(url) > IMAGE_URL_LENGTH or not url.startswith(("http://", "https://")):
            places.notes.append(
                "The picture was left out: BigCommerce takes only public addresses of up to 255 characters."
            )
            return
        try:
            body = {"image_url": url, "is_thumbnail": True}
            self.client.post(f"{PRODUCTS}/{product_id}/images", areas.PRODUCTS_WRITE, body)
            places.image_url = url
        except Rejected as error:
            places.notes.append(f"The picture was left out. {error.message}")

    # -- bringing up to date --
    def _refresh(self, request: ListingRequest, product: Row, places: Places) -> None:
        """Texts of our own products, prices and availability of all."""
        rows = [
            (variant, places.found[variant.listing_id][1])
            for variant in request.variants
            if places.found[variant.listing_id][0]["id"] == product["id"]
        ]
        changes: dict[str, Any] = listings.kept_up(request) if product["id"] in places.ours else {}
        if product.get("inventory_tracking") == "none":
            changes["inventory_tracking"] = "product" if product.get("base_variant_id") else "variant"
        if product.get("base_variant_id"):
            changes.update(listings.amounts(rows[0][0], priced=request.writes("price", by_habit=True)))
        self._put_texts(request, product, changes, places)
        url = request.image_url or rows[0][0].image_url
        # Ours becomes the picture that shoppers see; what the retailer has stays in the gallery. The same one is not sent twice.
        if request.writes("images", by_habit=False) and (
            not product.get("primary_image") or url != request.told_image_url
        ):
            self._add_image(product["id"], url, places)
        self._refresh_variants(request, product, rows)

    def _put_texts(self, request: ListingRequest, product: Row, changes: dict[str, Any], places: Places) -> None:
        """Names are unique in a store: one that is taken gets the SKU, as it does when a product is made."""
        if not changes:
            return
        try:
            self._put_product(product["id"], changes)
        except AlreadyThere as error:
            if error.field != "name" or "name" not in changes:
                raise
            name = listings.with_sku(request.name.strip(), request.variants[0].sku)
            self._put_product(product["id"], {**changes, "name": name})
            places.notes.append(f"The store already has a product of this name, so it is called “{name}” there.")

    def _refresh_variants(
        self, request: ListingRequest, product: Row, rows: Sequence[tuple[ListingVariant, Row]]
    ) -> None:
        priced = request.writes("price", by_habit=True)
        is_simple = bool(product.get("base_variant_id"))
        if is_simple and (rows[0][1].get("price") is None or not priced):
            return
        # A base variant with a price of its own would hide the product's: null makes it inherit.
        bodies = [
            {"id": row["id"], "price": None}
            if is_simple
            else {
                "id": row["id"],
                "purchasing_disabled": not variant.is_active,
                **listings.amounts(variant, priced=priced),
            }
            for variant, row in rows
        ]

        def write(batch: Sequence[dict[str, Any]]) -> None:
            self.client.put("/v3/catalog/variants", areas.PRODUCTS_WRITE, list(batch))

        for _, error in in_batches(bodies, VARIANT_BATCH, write):
            if error:
                raise error

    def _stock(self, request: ListingRequest, places: Places) -> None:
        updates, facts = [], {}
        for variant in request.variants:
            product, row = places.found[variant.listing_id]
            if product["id"] in places.complete or self._is_kept(request, variant, product, places):
                continue
            tracking = product.get("inventory_tracking")
            if tracking == "none":
                tracking = "product" if product.get("base_variant_id") else "variant"
            facts[str(product["id"])] = {**product, "inventory_tracking": tracking}
            updates.append(StockUpdate(str(product["id"]), str(row["id"]), listings.units(variant)))
        for outcome in self._write_stock(updates, facts):
            if outcome.error:
                raise outcome.error

    def _is_kept(self, request: ListingRequest, variant: ListingVariant, product: Row, places: Places) -> bool:
        """Whether the retailer counts this one itself. What is stopped is set to 0 all the same, and what we just made needs a figure."""
        is_old = product["id"] not in places.made
        return is_old and variant.is_active and not request.writes("stock", by_habit=True)

    def _show(self, product: Row, is_visible: bool) -> None:
        if bool(product.get("is_visible")) != is_visible:
            self._put_product(product["id"], {"is_visible": is_visible})

    def _put_product(self, product_id: int, body: dict[str, Any]) -> None:
        self.client.put(f"{PRODUCTS}/{product_id}", areas.PRODUCTS_WRITE, body)


def _is_beyond_sale(error: Exception) -> bool:
    """Whether a refused stock of 0 does no harm: the product is gone, or was never counted and is hidden now."""
    return isinstance(error, NotFound) or (isinstance(error, Rejected) and error.field == "inventory_tracking")
