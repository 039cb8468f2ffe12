"""Carriers: the names that people write ↔ ``shipping_provider`` and ``tracking_carrier`` (vendor reference, section 5.5).

``shipping_provider`` is a short list of theirs; ``tracking_carrier`` takes AfterShip's courier slugs. An unknown carrier is sent as "" in both: left out, it
once became "custom" without a link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Carrier:
    """A carrier by the name that we show, their provider code ("" if not in their list) and AfterShip's slug."""

    name: str
    provider: str
    slug: str


CARRIERS = (
    Carrier("Royal Mail", "royalmail", "royal-mail"),
    Carrier("UPS", "ups", "ups"),
    Carrier("FedEx", "fedex", "fedex"),
    Carrier("USPS", "usps", "usps"),
    Carrier("Australia Post", "auspost", "australia-post"),
    Carrier("Canada Post", "canadapost", "canada-post"),
    Carrier("DHL", "", "dhl"),
    Carrier("DPD UK", "", "dpd-uk"),
    Carrier("DPD", "", "dpd"),
    Carrier("Evri", "", "hermes-uk"),
    Carrier("Yodel", "", "yodel"),
    Carrier("Parcelforce", "", "parcel-force"),
    Carrier("GLS", "", "gls"),
    Carrier("OnTrac", "", "ontrac"),
    Carrier("TNT", "", "tnt"),
)
UNKNOWN = Carrier("", "", "")


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


_BY_TEXT = {
    _key(text): carrier
    for carrier in reversed(CARRIERS)
    for text in (carrier.name, carrier.provider, carrier.slug)
    if text
}


def find(text: str) -> Carrier:
    """The carrier that a text names, whatever its case, spaces and hyphens; UNKNOWN otherwise."""
    return _BY_TEXT.get(_key(text), UNKNOWN)
