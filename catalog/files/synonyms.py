"""What other systems call our fields: header texts of shops, warehouses and spreadsheets, the surest first; compared by ``matching.header_key``."""

from __future__ import annotations

# Field → headers, parted by bars.
_TEXTS: dict[str, str] = {
    "sku": (
        "sku | variant sku | item sku | product sku | item number | item no | item code | stock code | "
        "stockcode | article number | article no | art nr | artikelnummer | part number | part no | mpn | "
        "product code sku | seller sku | merchant sku | code | reference | référence | product code/sku | "
        "catalogid sku | id sku"
    ),
    "name": "name | title | product name | product title | item name | product | bezeichnung | nom",
    "group": (
        "product code | handle | parent sku | parent | group | style | style number | product id | item group "
        "id | parent id | model"
    ),
    "option1_name": "option 1 name | option1 name | attribute 1 name",
    "option1": "option 1 | option1 value | option 1 value | attribute 1 value | colour | color | variant",
    "option2_name": "option 2 name | option2 name | attribute 2 name",
    "option2": "option 2 | option2 value | option 2 value | attribute 2 value | size | größe | taille",
    "description": "description | body html | body | long description | product description | details | beschreibung",
    "brand": "brand | vendor | manufacturer | marke | marque | supplier brand",
    "category": "category | product type | type | categories | department | kategorie | product category",
    "barcode": "barcode | ean | upc | gtin | ean13 | isbn | variant barcode | bar code",
    "price": (
        "retail price | price | variant price | rrp | selling price | unit price | sale price inc | preis | "
        "prix | list price | recommended retail price"
    ),
    "cost": "cost | cost price | cost per item | unit cost | buy price | purchase price",
    "msrp": "msrp | srp | manufacturer price | compare at price | variant compare at price",
    "map_price": "map | map price | minimum advertised price",
    "weight": "weight | variant grams | weight kg | shipping weight | gewicht | poids | item weight",
    "image_url": "picture | image | image url | image src | image link | photo | picture url | main image",
    "is_active": "active | status | enabled | published | visible | is active",
    "on_hand": (
        "stock | quantity | qty | on hand | inventory | stock level | available | variant inventory qty | "
        "stock quantity | bestand | quantity on hand | units | in stock | soh | free stock | menge | quantité"
    ),
    "location": "place | location | warehouse | store | bin | site | lager",
    "amount": (
        "dropship price | price | trade price | wholesale price | net price | partner price | cost | unit "
        "price | your price | amount | dropship | preis | prix"
    ),
    "currency": "currency | currency code | währung | devise",
}


def synonyms_of(key: str) -> tuple[str, ...]:
    """The headers that mean the field ``key``; the key itself for a field that has none."""
    return tuple(text.strip() for text in _TEXTS.get(key, key).split("|"))
