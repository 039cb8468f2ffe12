"""The greatest lengths of the vendor's fields, and cutting to them without losing anything (vendor reference, sections 3.2, 4.2 and 4.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Control characters once broke a whole batch of orders at the vendor (section 7); line breaks and tabs are fine.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

ORDER = {
    "InvoiceNumberPrefix": 50,
    "BillingFirstName": 100,
    "BillingLastName": 100,
    "BillingCompany": 255,
    "BillingAddress": 200,
    "BillingAddress2": 50,
    "BillingCity": 100,
    "BillingState": 100,
    "BillingZipCode": 20,
    "BillingCountry": 50,
    "BillingPhoneNumber": 30,
    "BillingEmail": 100,
}
SHIPMENT = {
    "ShipmentFirstName": 100,
    "ShipmentLastName": 50,
    "ShipmentCompany": 200,
    "ShipmentAddress": 255,
    "ShipmentAddress2": 50,
    "ShipmentCity": 50,
    "ShipmentState": 50,
    "ShipmentZipCode": 20,
    "ShipmentCountry": 50,
    "ShipmentPhone": 50,
    "ShipmentEmail": 100,
    "ShipmentMethodName": 150,
    "ShipmentTrackingCode": 100,
}
ITEM = {"ItemID": 150, "ItemAdditionalField3": 255}
CUSTOMER = {
    "Email": 100,
    "BillingCompany": 255,
    "BillingFirstName": 50,
    "BillingLastName": 50,
    "BillingAddress1": 255,
    "BillingAddress2": 50,
    "BillingCity": 100,
    "BillingState": 100,
    "BillingZipCode": 20,
    "BillingCountry": 100,
    "BillingPhoneNumber": 50,
    "Comments": 255,
}
SKU_INFO = {"SKU": 255, "Name": 255}
PRODUCT = {"ManufacturerName": 50, "GTIN": 50, "MFGID": 50}
WEBHOOK = {"Name": 80, "Url": 1000}


def clean(text: str) -> str:
    """``text`` without characters that the vendor's service cannot carry; everything else, emoji too, stays."""
    return _CONTROL.sub("", text).strip()


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` UTF-16 units, as the vendor counts them; never half a character."""
    cleaned = clean(text)
    units = cleaned.encode("utf-16-le")
    return units[: limit * 2].decode("utf-16-le", errors="ignore").rstrip() if len(units) > limit * 2 else cleaned


def fitted(values: Mapping[str, Any], limits: Mapping[str, int]) -> tuple[dict[str, Any], list[str]]:
    """``values`` with texts cut to ``limits``, and a line "Name: whole text" for each that did not fit."""
    short = {name: _fit(value, limits.get(name)) for name, value in values.items()}
    lost = [
        f"{name}: {clean(value)}"
        for name, value in values.items()
        if isinstance(value, str) and clean(value) != short[name]
    ]
    return short, lost


def _fit(value: Any, limit: int | None) -> Any:
    if not isinstance(value, str):
        return value
    return cut(value, limit) if limit else clean(value)
