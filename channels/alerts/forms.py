"""What people type about rules and webhooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms

from channels.alerts.matching import Terms
from channels.causes import CAUSES
from channels.models import AlertRule, Integration, WebhookEndpoint
from channels.models.alert import MailTo, Pace, Whose
from portal.companies.models import Company, Membership

_HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]
_UNITS = (("1", "minutes"), ("60", "hours"), ("1440", "days"))


class RuleForm(forms.ModelForm):
    """A rule of one company. ``older`` and ``unit`` together are the rule's minutes; ``members`` its people."""

    codes = forms.MultipleChoiceField(
        label="Only these causes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen means any.",
    )
    older = forms.IntegerField(label="Stuck for at least", min_value=0, max_value=10_000, required=False)
    unit = forms.ChoiceField(label="Unit", choices=_UNITS)
    members = forms.ModelMultipleChoiceField(
        Membership.objects.none(), label="Who", required=False, widget=forms.CheckboxSelectMultiple
    )
    daily_hour = forms.TypedChoiceField(label="At", choices=_HOURS, coerce=int)

    class Meta:
        model = AlertRule
        fields = (
            "name",
            "codes",
            "integration",
            "whose",
            "at_least",
            "in_portal",
            "mail_to",
            "endpoint",
            "pace",
            "daily_hour",
        )
        labels = {
            "integration": "Only on",
            "whose": "Whose turn",
            "at_least": "At least so many records",
            "in_portal": "Tell in the portal, under Alerts",
            "mail_to": "Tell by e-mail",
            "endpoint": "Tell a webhook",
            "pace": "How soon",
        }
        help_texts = {
            "name": "Only your own people see it.",
            "at_least": "1 tells of the first one.",
            "mail_to": "Whoever can mend it: people whose role may act on the cause.",
        }

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        self.instance.company = company
        fields: dict[str, Any] = self.fields
        fields["codes"].choices = [(cause.code, cause.title) for cause in CAUSES.values()]
        fields["integration"].queryset = Integration.objects.for_company(company).filter(removed_at=None)
        fields["integration"].empty_label = "Any connection"
        fields["endpoint"].queryset = WebhookEndpoint.objects.for_company(company).filter(removed_at=None)
        fields["endpoint"].empty_label = "No webhook"
        members = Membership.objects.for_company(company).select_related("user").order_by("user__name", "user__email")
        fields["members"].queryset = members
        fields["members"].label_from_instance = lambda member: f"{member.user} ({member.get_role_display()})"
        fields["whose"].choices = Whose.choices
        fields["mail_to"].choices = MailTo.choices
        fields["pace"].choices = Pace.choices
        self._fill_in()

    def _fill_in(self) -> None:
        minutes = self.instance.older_than_minutes
        unit = next(size for size in (1440, 60, 1) if minutes % size == 0)
        self.initial.update(older=minutes // unit, unit=str(unit if minutes else 60))
        if self.instance.pk:
            self.initial["members"] = [person.pk for person in self.instance.people.all()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        minutes = (data.get("older") or 0) * int(data.get("unit") or 60)
        if minutes > 60 * 24 * 30:
            self.add_error("older", "A month is the most.")
        else:
            self.instance.older_than_minutes = minutes
        return data

    @property
    def terms(self) -> Terms:
        """What was typed, as matching takes it, for the preview; call it on a form whose fields are right."""
        data = self.cleaned_data
        connection = data.get("integration")
        return Terms(
            codes=frozenset(data["codes"]),
            integration_id=connection.pk if connection else None,
            whose=data["whose"],
            at_least=data["at_least"],
            older_than=timedelta(minutes=self.instance.older_than_minutes),
        )


class EndpointForm(forms.ModelForm):
    """A webhook's name and address; the address is judged by the service."""

    class Meta:
        model = WebhookEndpoint
        fields = ("name", "url")
        labels = {"url": "Address"}
        help_texts = {
            "name": "What receives it, such as ERP or Slack bridge.",
            "url": "It must begin with https:// and be on the public internet. We send a signed POST there.",
        }

    def validate_unique(self) -> None:
        """Names are checked by the service, which knows the company."""


class ResendForm(forms.Form):
    """Which part of the log is sent again."""

    since = forms.DateTimeField(
        label="Since",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={
            "required": "Say since when.",
            "invalid": "Choose a day and a time, such as 20 November, 08:00.",
        },
    )
    everything = forms.BooleanField(label="Also what arrived", required=False)
