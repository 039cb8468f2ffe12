"""The store's own record out of ``/StoreSettings`` (vendor reference, section 4.8). Pure."""

from __future__ import annotations

from channels.connectors.shift4shop.address import normalise_host
from channels.connectors.shift4shop.records import Row, part, text
from channels.connectors.shift4shop.times import iana_name
from channels.contract import StoreInfo
from channels.errors import UnexpectedPayload


def store_info(row: Row, *, typed: str = "") -> StoreInfo:
    """Who the store says it is. It has no id: its Secure URL is its identity, ``typed`` only stands in when it is not told.

    Raises UnexpectedPayload for a record that is no store's.
    """
    information, standards = part(row, "StoreInformation"), part(row, "StoreStandards")
    if not information:
        raise UnexpectedPayload("The store did not tell its name.", path="$.StoreInformation")
    host = normalise_host(text(information, "StoreSecureURL") or text(information, "StoreURL") or typed)
    return StoreInfo(
        store_id=host,
        name=text(information, "StoreName") or host,
        currency=text(standards, "CurrencyCode").upper(),
        time_zone=iana_name(text(standards, "StoreTimeZone")),
        address=host,
        email=text(information, "StoreEmail"),
    )
