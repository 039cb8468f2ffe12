"""Carriers that people pick by name, and where each one's customers follow a parcel."""

from __future__ import annotations

from urllib.parse import quote

# Public tracking pages as the carriers print them on their labels; a carrier without one still takes any number.
TRACKING: dict[str, str] = {
    "Royal Mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "Parcelforce": "https://www.parcelforce.com/track-trace?trackNumber={}",
    "DPD": "https://track.dpd.co.uk/search?reference={}",
    "Evri": "https://www.evri.com/track/parcel/{}",
    "Yodel": "https://www.yodel.co.uk/tracking/{}",
    "DHL": "https://www.dhl.com/gb-en/home/tracking.html?tracking-id={}",
    "UPS": "https://www.ups.com/track?tracknum={}",
    "FedEx": "https://www.fedex.com/fedextrack/?trknbr={}",
    "USPS": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
}
NAMES = tuple(TRACKING)
_BY_KEY = {name.casefold(): address for name, address in TRACKING.items()}


def tracking_address(carrier: str, number: str) -> str:
    """The carrier's page for ``number``; "" for a carrier that we do not know, or without a number."""
    pattern = _BY_KEY.get(carrier.strip().casefold(), "")
    return pattern.format(quote(number, safe="")) if number and pattern else ""
