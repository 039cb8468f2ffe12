"""Partners who had a list before its history was kept: their history begins when they got it, so that a past price is explained to them too."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef

CHUNK = 2_000


def begin(apps: Any, schema_editor: Any) -> None:
    """A running period for every assignment that has none. Partners whose history is kept are left alone. Safe to run twice."""
    assignments = apps.get_model("catalog", "PriceListAssignment").objects
    periods = apps.get_model("catalog", "AssignmentPeriod")
    known = Exists(periods.objects.filter(partnership=OuterRef("partnership")))
    missing = assignments.filter(~known).values_list("partnership_id", "price_list_id", "assigned_at")
    periods.objects.bulk_create(
        (
            periods(partnership_id=partnership, price_list_id=price_list, began_at=began)
            for partnership, price_list, began in missing.iterator(CHUNK)
        ),
        batch_size=CHUNK,
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_publish_at_once_and_undo")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
