"""What people type about price lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from moneyed import CURRENCIES

from catalog.models import PriceList

DIRECTIONS = (("nearest", "Nearest"), ("up", "Up"), ("down", "Down"))


class PriceListForm(forms.ModelForm):
    """The terms of a list. ``terms`` is what ``create_price_list`` and ``change_price_list`` take."""

    class Meta:
        model = PriceList
        fields = (
            "name",
            "percent_off",
            "rounding_ending",
            "rounding_direction",
            "retail_currency",
            "retail_rate",
            "state",
            "adds_new_products",
            "is_default",
        )
        labels = {
            "percent_off": "Percent off retail",
            "rounding_ending": "Prices end on",
            "rounding_direction": "Round to the ending",
            "retail_currency": "Currency of the shops",
            "retail_rate": "Rate",
            "adds_new_products": "Add new products at once",
            "is_default": "Default list: the one that opens first",
        }
        help_texts = {
            "name": "Only your own people see it.",
            "percent_off": "20 means that partners pay 80 % of your retail price.",
            "rounding_ending": "0.99 makes 9.99 or 10.99. Leave it empty to round to the nearest penny.",
            "rounding_direction": "",
            "retail_currency": "Three letters, such as EUR. Leave it empty where shops sell in your own currency.",
            "retail_rate": "How much of the shops' currency one unit of yours is.",
            "state": "Partners see goods of a live list only.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("percent_off", "retail_rate"):
            self.fields[name].widget.attrs["step"] = "any"
            self.initial[name] = _short(self.initial.get(name))
        self.fields["state"].choices = [("live", "Live"), ("draft", "Draft")]

    def clean_retail_currency(self) -> str:
        letters = self.cleaned_data["retail_currency"].strip().upper()
        if letters and letters not in CURRENCIES:
            raise forms.ValidationError(f"“{letters}” is no currency that we know. Use three letters, such as EUR.")
        return letters

    def clean_percent_off(self) -> Decimal:
        percent = self.cleaned_data["percent_off"]
        if percent >= 100:
            raise forms.ValidationError("Percent off must be below 100. 20 means that partners pay 80 % of retail.")
        return percent

    @property
    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def _short(number: Decimal | None) -> str:
    """``20`` instead of ``20.000``."""
    return "" if number is None else f"{Decimal(number).normalize():f}"
