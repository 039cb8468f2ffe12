"""What is searched of a product: its name, brand and category, and the names, SKUs and barcodes of its variants."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.models import Product, Variant
from catalog.search.text import fold, is_plain, words_of
from catalog.services import bulk

# A product of 600 variants has as many SKUs: the rest is found by the exact look-up, which needs no index of ours.
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Document:
    """One product's line in the index; ``text`` is folded."""

    product_id: int
    company_id: int
    text: str

    @property
    def words(self) -> set[str]:
        """The words that a typo may be corrected to."""
        return {word for word in words_of(self.text) if is_plain(word)}


def read_documents(product_ids: Sequence[int]) -> list[Document]:
    """The documents of these products, in two statements; products that are gone are left out."""
    parts: dict[int, list[str]] = defaultdict(list)
    for product_id, *texts in bulk.read_rows(
        Variant, ("product_id", "sku", "barcode", "name"), by="product_id", ids=product_ids
    ):
        parts[product_id].extend(texts)
    products = bulk.read_rows(Product, ("id", "company_id", "name", "brand", "category"), by="id", ids=product_ids)
    return [Document(pk, company_id, _text(texts, parts[pk])) for pk, company_id, *texts in products]


def _text(own: Sequence[str], of_variants: Sequence[str]) -> str:
    return fold("\n".join(dict.fromkeys(text for text in (*own, *of_variants) if text)))[:LONGEST]
