"""allauth's forms of a person's own pages, in the words of the rest of the portal: labels in sentence case, and nothing said twice inside the field."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account


class PlainWords:
    """Mixin: "Current Password", also inside the field, becomes "Current password" above it."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.label = str(field.label or "").capitalize()
            field.widget.attrs.pop("placeholder", None)


class ChangePasswordForm(PlainWords, account.ChangePasswordForm):
    """The present password, and a new one twice."""


class AddEmailForm(PlainWords, account.AddEmailForm):
    """One more address."""


class ResetPasswordKeyForm(PlainWords, account.ResetPasswordKeyForm):
    """A new password twice, after the link in a mail."""
