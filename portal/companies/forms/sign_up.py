"""The sign-up card: company, e-mail, password, role, platform, store address; shorter for an invited person."""

from __future__ import annotations

from allauth.account.forms import SignupForm as AccountForm
from allauth.core import context
from django import forms
from django.http import HttpRequest

from portal.companies.forms.company import CompanyFields
from portal.companies.invited import Invited, invited_by
from portal.companies.models import User
from portal.companies.services import note_sign_up
from portal.companies.services.sign_up import SignUpRequest
from portal.companies.services.zones import known_zone

_COMPANY_FIELDS = ("company", "kind", "platform", "store_address", "address_seen")


class SignupForm(CompanyFields, AccountForm):
    """allauth's form with our fields. Nothing but the person and the request is written before the address is proved."""

    time_zone = forms.CharField(
        required=False, max_length=64, widget=forms.HiddenInput(attrs={"data-browser-zone": ""})
    )

    field_order = ["company", "email", "password1", "kind", "platform", "store_address", "address_seen"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.invited: Invited = invited_by(context.request) if context.request else Invited()
        self.fields["email"].label = "Work e-mail"
        self.fields["password1"].help_text = "At least 10 characters, and not a common one."
        for field in (self.fields["email"], self.fields["password1"]):
            field.widget.attrs.pop("placeholder", None)
        self._prefill()

    def _prefill(self) -> None:
        self.initial.setdefault("email", self.invited.email)
        if self.invited.invitation:
            for name in _COMPANY_FIELDS:
                del self.fields[name]
        elif self.invited.partnership:
            self.initial.setdefault("company", self.invited.partnership.invited_name)
            self.initial.setdefault("kind", self.invited.role_to_take)

    @property
    def asks_company(self) -> bool:
        return "company" in self.fields

    def clean(self) -> dict:
        # Both parents hand on to the next in line, but allauth's does not return what it was given.
        super().clean()
        self._refuse_other_address()
        self._refuse_wrong_kind()
        return self.cleaned_data

    def clean_time_zone(self) -> str:
        """What no script filled in, or a browser tells wrongly, is nothing that a person could mend."""
        return known_zone(self.cleaned_data["time_zone"])

    def _refuse_other_address(self) -> None:
        email = self.cleaned_data.get("email", "")
        if self.invited.invitation and email and email.lower() != self.invited.email:
            self.add_error(
                "email",
                f"This invitation was sent to {self.invited.email}. Use that address, or ask for one to {email}.",
            )

    def _refuse_wrong_kind(self) -> None:
        role = self.invited.role_to_take
        kind = self.cleaned_data.get("kind")
        if self.asks_company and role and kind and kind not in {role, "both"}:
            self.add_error("kind", f"You were invited as a {role}. Choose {role.capitalize()} or Both.")

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth when the person is saved."""
        data = self.cleaned_data
        note_sign_up(
            user,
            SignUpRequest(
                company_name=data.get("company", "").strip(),
                kind=data.get("kind") or "supplier",
                platform=data.get("platform", ""),
                store_address=data.get("store_address", ""),
                time_zone=data.get("time_zone", ""),
                invitation=self.invited.invitation,
                partnership=self.invited.partnership,
            ),
        )
