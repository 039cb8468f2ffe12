"""The index follows the database: made after migrate, told of every product and variant that is saved one by one (admin, forms).

The set-based writer tells it itself.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save
from django.dispatch import receiver

from catalog.models import Product, Variant
from catalog.search import index


@receiver(post_migrate, dispatch_uid="search_index_after_migrate")
def make_index(sender: AppConfig, verbosity: int = 1, using: str = "default", **_: Any) -> None:
    """Make the index where it is missing, and say what is not as good as it could be."""
    if sender.label != "catalog" or using != "default":
        return
    note = index.ensure()
    if note and verbosity:
        print(note)  # noqa: T201 (migrate speaks to a person)


@receiver([post_save, post_delete], sender=Product, dispatch_uid="search_index_product")
def follow_product(instance: Product, raw: bool = False, **_: Any) -> None:
    """One product was saved or removed."""
    if not raw:
        index.note([instance.pk])


@receiver([post_save, post_delete], sender=Variant, dispatch_uid="search_index_variant")
def follow_variant(instance: Variant, raw: bool = False, **_: Any) -> None:
    """One variant was saved or removed: its product reads differently."""
    if not raw:
        index.note([instance.product_id])
