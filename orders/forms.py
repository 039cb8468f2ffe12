"""What people type about orders."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from catalog.models import sku_key
from catalog.visibility import visible_to
from orders.carriers import NAMES, tracking_address
from orders.data import EnteredLine, EnteredOrder, ShipmentData
from orders.models import ShipmentSource, SupplierOrder
from portal.companies.models import Company
from portal.lib import clock
from portal.lib.address import Address

ROWS = 5
MOST_ROWS = 100


class ParcelForm(forms.Form):
    """One parcel: carrier, number, and how many of each line are in it. ``token`` makes a form sent twice one parcel."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    carrier = forms.CharField(
        label="Carrier", max_length=80, required=False, widget=forms.TextInput(attrs={"list": "carriers"})
    )
    tracking_number = forms.CharField(
        label="Tracking number", max_length=120, required=False, help_text="The customer follows the parcel with it."
    )

    def __init__(self, *args: Any, supplier_order: SupplierOrder, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("token", uuid.uuid4().hex)
        super().__init__(*args, **kwargs)
        self.supplier_order = supplier_order
        self.open_lines = [line for line in supplier_order.lines.all() if line.quantity_open]
        for line in self.open_lines:
            self.fields[f"line-{line.pk}"] = forms.IntegerField(
                label=f"{line.sku or line.name}", min_value=0, required=False, initial=line.quantity_open
            )

    @property
    def rows(self) -> Iterable[tuple[Any, forms.BoundField]]:
        """Each open line with its field."""
        return [(line, self[f"line-{line.pk}"]) for line in self.open_lines]

    @property
    def carriers(self) -> tuple[str, ...]:
        return NAMES

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.get(f"line-{line.pk}") for line in self.open_lines):
            raise forms.ValidationError("The parcel is empty. Enter how many units of each line are in it.")
        return data

    def parcel(self) -> ShipmentData:
        """The parcel as the services take it."""
        data = self.cleaned_data
        return ShipmentData(
            source_key=f"hand:{data['token']}",
            source=ShipmentSource.HAND,
            carrier=data["carrier"].strip(),
            tracking_number=data["tracking_number"].strip(),
            tracking_url=tracking_address(data["carrier"], data["tracking_number"].strip()),
            shipped_at=clock.now(),
            lines=tuple((line.pk, data[f"line-{line.pk}"]) for line in self.open_lines if data.get(f"line-{line.pk}")),
        )


class AddressForm(forms.Form):
    """Where to send it."""

    first_name = forms.CharField(label="First name", max_length=100, required=False)
    last_name = forms.CharField(label="Last name", max_length=100)
    company = forms.CharField(label="Company", max_length=120, required=False)
    address1 = forms.CharField(label="Street and number", max_length=200)
    address2 = forms.CharField(label="More of the address", max_length=200, required=False)
    city = forms.CharField(label="Town", max_length=100)
    state = forms.CharField(label="County or state", max_length=100, required=False)
    postcode = forms.CharField(label="Postcode", max_length=20)
    country = forms.CharField(label="Country", max_length=2, min_length=2, help_text="Two letters, such as GB or US.")
    phone = forms.CharField(label="Phone", max_length=40, required=False)
    email = forms.EmailField(label="E-mail", required=False)

    def clean_country(self) -> str:
        return self.cleaned_data["country"].upper()

    def address(self) -> Address:
        return Address(**self.cleaned_data)


class EnteredForm(forms.Form):
    """The head of an order entered by hand."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    number = forms.CharField(
        label="Your order number", max_length=60, required=False, help_text="Empty: we give it one."
    )
    shipping_method = forms.CharField(label="Shipping method", max_length=200, required=False)
    comment = forms.CharField(
        label="Comment for the supplier", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class Basket:
    """The rows of an order entered by hand: SKU and quantity each, as typed, with what is wrong with each."""

    def __init__(self, company: Company, skus: list[str], quantities: list[str]) -> None:
        pairs = list(zip(skus, [*quantities, *[""] * len(skus)], strict=False))[:MOST_ROWS]
        self.rows = [{"sku": sku.strip(), "quantity": quantity.strip() or "1", "error": ""} for sku, quantity in pairs]
        self.filled = [row for row in self.rows if row["sku"]]
        self.lines = self._resolve(company) if self.filled else ()

    @property
    def is_valid(self) -> bool:
        return bool(self.filled) and not any(row["error"] for row in self.filled)

    @property
    def padded(self) -> list[dict[str, str]]:
        """The rows with some empty ones after them."""
        return self.filled + [{"sku": "", "quantity": "", "error": ""}] * max(ROWS - len(self.filled), 1)

    def _resolve(self, company: Company) -> tuple[EnteredLine, ...]:
        keys = {sku_key(row["sku"]) for row in self.filled}
        found: dict[str, list[int]] = {}
        rows = visible_to(company).filter(sku_key__in=keys)
        for key, pk in rows.values_list("sku_key", "pk"):
            found.setdefault(key, []).append(pk)
        return tuple(line for row in self.filled if (line := _line(row, found.get(sku_key(row["sku"]), []))))


def _line(row: dict[str, str], ids: list[int]) -> EnteredLine | None:
    if not ids:
        row["error"] = "No partner offers this SKU to you. Look it up in your catalogue."
    elif len(ids) > 1:
        row["error"] = "Several partners offer this SKU. List the one you want first, then enter it by its listing."
    elif not row["quantity"].isdigit() or not 0 < int(row["quantity"]) < 100_000:
        row["error"] = "Enter how many, as a whole number from 1."
    else:
        return EnteredLine(ids[0], int(row["quantity"]))
    return None


def entered_order(head: EnteredForm, address: AddressForm, basket: Basket) -> EnteredOrder:
    """The order as the services take it, from valid forms."""
    data = head.cleaned_data
    return EnteredOrder(
        token=data["token"],
        lines=basket.lines,
        ship_to=address.address(),
        number=data["number"],
        shipping_method=data["shipping_method"],
        comment=data["comment"],
    )
