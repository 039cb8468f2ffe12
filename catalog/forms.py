"""What people type about price lists."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from moneyed import CURRENCIES

from catalog.margin_words import HOWS, margin_fields, plain_number, said_margin
from catalog.models import PriceList

STATES = (("live", "Live"), ("scheduled", "Scheduled"), ("draft", "Draft"))
DAY = {"type": "date"}


class PriceListForm(forms.ModelForm):
    """The terms of a list. ``terms`` is what ``create_price_list`` and ``change_price_list`` take."""

    margin = forms.DecimalField(label="Margin", max_digits=12, decimal_places=4, initial=20)
    how = forms.ChoiceField(label="Taken as", choices=HOWS, initial=HOWS[0][0])
    first_day = forms.DateField(
        label="First day", required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d"), help_text="Empty: at once."
    )
    last_day = forms.DateField(
        label="Last day", required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d"), help_text="Empty: for good."
    )

    class Meta:
        model = PriceList
        fields = (
            "name",
            "rounding_ending",
            "rounding_direction",
            "retail_currency",
            "retail_rate",
            "floor_cost",
            "floor_percent",
            "floor_map",
            "ceiling_msrp",
            "state",
            "adds_new_products",
            "is_default",
        )
        labels = {
            "rounding_ending": "Prices end in",
            "rounding_direction": "Round to the ending",
            "retail_currency": "Currency of the shops",
            "retail_rate": "Rate",
            "floor_cost": "Never below cost",
            "floor_percent": "Percent above cost",
            "floor_map": "Never below MAP",
            "ceiling_msrp": "Never above MSRP",
            "adds_new_products": "Add new products at once",
            "is_default": "Default list: the one that opens first",
        }
        help_texts = {
            "name": "Only your own people see it.",
            "rounding_ending": "0.99 makes 9.99 or 10.99. Empty: to the penny.",
            "rounding_direction": "",
            "retail_currency": "Three letters, such as EUR. Empty: your own.",
            "retail_rate": "How much of the shops' currency one unit of yours is.",
            "floor_percent": "5 keeps prices at cost plus 5 % or above.",
            "state": "Partners see goods of a live list only. A scheduled one goes live on its first day.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        price_list, zone = self.instance, ZoneInfo(self.instance.company.time_zone)
        if price_list.pk:
            self.initial["margin"], self.initial["how"] = said_margin(price_list)
            self.initial["first_day"] = _day(price_list.valid_from, zone)
            self.initial["last_day"] = _day(price_list.valid_until, zone, days=-1)
        else:
            self.initial["floor_cost"] = True
        for name in ("margin", "retail_rate", "floor_percent"):
            self.fields[name].widget.attrs["step"] = "any"
            self.initial[name] = plain_number(self.initial.get(name, self.fields[name].initial))
        self.fields["floor_percent"].required = False
        self.fields["state"].choices = STATES

    def clean_retail_currency(self) -> str:
        letters = self.cleaned_data["retail_currency"].strip().upper()
        if letters and letters not in CURRENCIES:
            raise forms.ValidationError(f"“{letters}” is no currency that we know. Use three letters, such as EUR.")
        return letters

    def clean_floor_percent(self) -> Decimal:
        return self.cleaned_data["floor_percent"] or Decimal(0)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        number, how = said.get("margin"), said.get("how", "")
        if number is not None and how in {"retail-percent", "msrp-percent"} and number >= 100:
            self.add_error("margin", "Percent off must be below 100. 20 means that partners pay 80 % of the price.")
        return said

    @property
    def terms(self) -> dict[str, Any]:
        said, zone = self.cleaned_data, ZoneInfo(self.instance.company.time_zone)
        return {
            **{name: said[name] for name in self.Meta.fields},
            **margin_fields(said["margin"], said["how"]),
            "valid_from": _midnight(said["first_day"], zone),
            "valid_until": _midnight(said["last_day"], zone, days=1),
        }


def _day(moment: datetime | None, zone: ZoneInfo, *, days: int = 0) -> date | None:
    """The company's day of ``moment``, moved by ``days``: a period ends at the midnight after its last day."""
    return moment.astimezone(zone).date() + timedelta(days=days) if moment else None


def _midnight(day: date | None, zone: ZoneInfo, *, days: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=days), time(), tzinfo=zone) if day else None
