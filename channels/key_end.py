"""The day on which a key ends, as a person enters it for a store that does not tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django import forms
from django.utils import timezone

from portal.lib import clock

LONGEST_YEARS = 20


class KeyEndField(forms.DateField):
    """A day, today at the earliest, in the zone of whoever enters it; nothing for a key without an end."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            label="The key ends on",
            help_text="Your store does not tell us. Enter the day if the key has one: we warn you 30, 7 and 1 days ahead.",
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": "Enter the day as year-month-day, for example 2027-03-31, or leave it empty."},
        )

    def clean(self, value: object) -> date | None:
        """Raises ValidationError for a day that is past or absurdly far."""
        day = super().clean(value)
        today = timezone.localtime(clock.now()).date()
        if day and day < today:
            raise forms.ValidationError("That day is past. Enter the day on which the key ends, or leave it empty.")
        if day and day.year > today.year + LONGEST_YEARS:
            raise forms.ValidationError("That is more than 20 years ahead. Check the year, or leave it empty.")
        return day


class KeyEndForm(forms.Form):
    """The one field beside the new key."""

    key_ends_on = KeyEndField()

    def as_text(self) -> str:
        """As a draft keeps it."""
        ends_at = end_of(self.cleaned_data["key_ends_on"])
        return ends_at.isoformat() if ends_at else ""


def end_of(day: date | None) -> datetime | None:
    """The last moment of ``day`` in the present person's zone, as aware UTC."""
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59))).astimezone(UTC) if day else None


def day_of(ends_at: datetime | None) -> date | None:
    """The day that a person reads for a moment."""
    return timezone.localtime(ends_at).date() if ends_at else None
