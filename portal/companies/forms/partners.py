"""Inviting partners and agreeing on terms."""

from __future__ import annotations

from django import forms

from portal.companies.models import Company

_OFFERS = {"supplier": "We supply, they sell", "retailer": "They supply, we sell"}


class InvitePartnerForm(forms.Form):
    """Who is invited, and who supplies whom. Only roles that the company has are offered."""

    name = forms.CharField(label="Their company", max_length=120, required=False)
    email = forms.EmailField(
        label="E-mail of a person there", error_messages={"required": "Type the address that the invitation goes to."}
    )
    as_role = forms.ChoiceField(label="Who supplies", widget=forms.RadioSelect)
    message = forms.CharField(
        label="Message", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, company: Company, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        roles = [role for role in _OFFERS if getattr(company, f"is_{role}")]
        self.fields["as_role"].choices = [(role, _OFFERS[role]) for role in roles]
        self.fields["as_role"].initial = roles[0]


class TermsForm(forms.Form):
    """What supplier and retailer agreed on."""

    ship_within_days = forms.IntegerField(label="Ships within (days)", min_value=0, max_value=90)
    needs_acceptance = forms.BooleanField(label="Orders wait until the supplier accepts them", required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=300, required=False)
