"""Causes that staff had given to one of theirs, in the field that was the company's: they move to staff's own.

Apart from the migration that adds the field: PostgreSQL does not alter a table whose rows the same transaction has changed.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Exists, F, OuterRef


def move(apps: Any, schema_editor: Any) -> None:
    """Who is of our staff and not of the company was given the cause by staff. Safe to run twice."""
    members = apps.get_model("companies", "Membership").objects
    colleague = Exists(members.filter(company=OuterRef("company"), user=OuterRef("assigned_to")))
    given = apps.get_model("channels", "Problem").objects.filter(~colleague, assigned_to__is_staff=True)
    given.update(staff_assigned_to=F("assigned_to"), assigned_to=None)


def back(apps: Any, schema_editor: Any) -> None:
    """As it was: one field, in which who of the company has a cause goes first."""
    kept = apps.get_model("channels", "Problem").objects.filter(staff_assigned_to__isnull=False)
    kept.filter(assigned_to=None).update(assigned_to=F("staff_assigned_to"))
    kept.update(staff_assigned_to=None)


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0006_staff_beside_colleagues"),
        ("companies", "__first__"),
    ]

    operations = [migrations.RunPython(move, back)]
