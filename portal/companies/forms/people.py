"""People and keys."""

from __future__ import annotations

from django import forms

from portal.companies.api_scopes import scope_choices
from portal.companies.models import Role


class InvitePersonForm(forms.Form):
    email = forms.EmailField(
        label="E-mail", error_messages={"required": "Type the address that the invitation goes to."}
    )
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.OPERATIONS)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="What uses it, such as “ERP” or “Warehouse screen”.",
        error_messages={"required": "Give the key a name, so that you know later what uses it."},
    )
    scopes = forms.MultipleChoiceField(
        label="It may",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that this key may do."},
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = scope_choices()
