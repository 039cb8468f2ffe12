"""What a company says of itself."""

from __future__ import annotations

import zoneinfo
from functools import cache

from django import forms
from moneyed import CURRENCIES

from portal.companies.forms.store import StoreFields
from portal.companies.models import Company, CompanyKind

KIND_WORDS = [(CompanyKind.SUPPLIER, "Supplier"), (CompanyKind.RETAILER, "Retailer"), (CompanyKind.BOTH, "Both")]


class CompanyFields(StoreFields):
    """Name, role, platform and store address: what sign-up and "create a company" ask alike."""

    company = forms.CharField(
        label="Company",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": "Type your company’s name as your partners know it."},
    )
    kind = forms.ChoiceField(
        label="We are a",
        choices=KIND_WORDS,
        initial=CompanyKind.SUPPLIER,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose supplier, retailer or both."},
    )

    field_order = ["company", "kind", "platform", "store_address"]


class NewCompanyForm(CompanyFields):
    """A further company, or the first one of a person who has none."""


class CompanyForm(CompanyFields):
    """Settings › Company, upper part. ``initial`` is built by ``of``."""

    email = forms.EmailField(label="Office e-mail", required=False)
    phone = forms.CharField(label="Phone", required=False, max_length=40)
    time_zone = forms.ChoiceField(label="Time zone")
    currency = forms.ChoiceField(label="Currency")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = time_zone_choices()
        self.fields["currency"].choices = currency_choices()

    @staticmethod
    def initial_of(company: Company) -> dict[str, str]:
        names = ("kind", "platform", "store_address", "email", "phone", "time_zone", "currency")
        initial = {name: getattr(company, name) for name in names}
        return {**initial, "company": company.name, "address_seen": company.store_address}

    def changes(self) -> dict[str, str]:
        """The cleaned values under the names of the model's columns."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in {"company", "address_seen"}}
        return {**data, "name": self.cleaned_data["company"].strip()}


class CompanyAddressForm(forms.ModelForm):
    """The postal address: printed on packing slips and used as billing address of supplier orders."""

    class Meta:
        model = Company
        fields = ("address1", "address2", "city", "state", "postcode", "country")
        labels = {
            "address1": "Street and number",
            "address2": "Second line",
            "city": "Town or city",
            "state": "County or state",
            "postcode": "Postcode",
            "country": "Country code",
        }
        help_texts = {"country": "Two letters, such as GB, IE or US."}

    def clean_country(self) -> str:
        country = self.cleaned_data["country"].strip().upper()
        if len(country) != 2 or not country.isalpha():
            raise forms.ValidationError("Type the country as two letters, such as GB, IE or US.")
        return country


@cache
def time_zone_choices() -> tuple[tuple[str, str], ...]:
    """Every zone with a place name, in alphabetical order."""
    names = sorted(
        name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))
    )
    return (("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names))


@cache
def currency_choices() -> tuple[tuple[str, str], ...]:
    """Every currency that is in use, the frequent ones first."""
    frequent = ("GBP", "EUR", "USD")
    codes = [*frequent, *sorted(code for code in CURRENCIES if code not in frequent and not code.startswith("X"))]
    return tuple((code, f"{code} · {CURRENCIES[code].name}") for code in codes)
