"""The one lock of the catalogue: who applies products, stock or prices of a company holds it until the transaction ends."""

from __future__ import annotations

from django.db import connection

# The first half of the advisory lock's key; the second is the company.
CATALOGUE = 7401


def lock_catalogue(company_id: int) -> None:
    """Wait until nobody else writes the catalogue of ``company_id``. On SQLite every write transaction is alone already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CATALOGUE, company_id])
