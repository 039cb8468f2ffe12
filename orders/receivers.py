"""Held orders go on by themselves once what held them is gone: partnership accepted, prices assigned, goods listed, address entered.

The work is done after the commit of the change that caused it, so that this change neither waits for it nor fails with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from catalog.models import PriceListAssignment
from catalog.signals import listings_changed, prices_changed, products_changed
from orders.models import Order
from orders.services.deciding import HELD_STATES
from orders.services.sending import recheck_held_orders
from portal.companies.models import Company, Partnership
from portal.companies.signals import company_changed, partnership_accepted, partnership_changed


def recheck_later(retailer_ids: Iterable[int]) -> None:
    """Look at the held orders of these retailers again after the commit; those without any cost nothing more than one query."""
    waiting = Order.objects.filter(company__in=list(retailer_ids), state__in=HELD_STATES, supplier_orders=None)
    for company_id in waiting.order_by().values_list("company_id", flat=True).distinct():
        transaction.on_commit(partial(recheck_held_orders, company_id))


@receiver([partnership_accepted, partnership_changed], dispatch_uid="orders_follow_partnership")
def _partnership(partnership: Partnership, **_: Any) -> None:
    if partnership.retailer_id:
        recheck_later([partnership.retailer_id])


@receiver(company_changed, dispatch_uid="orders_follow_company")
def _company(company: Company, **_: Any) -> None:
    recheck_later([company.pk])


@receiver(listings_changed, dispatch_uid="orders_follow_listings")
def _listings(company_id: int, **_: Any) -> None:
    recheck_later([company_id])


@receiver(prices_changed, dispatch_uid="orders_follow_prices")
def _prices(price_list_id: int, **_: Any) -> None:
    rows = PriceListAssignment.objects.filter(price_list_id=price_list_id)
    recheck_later(rows.values_list("partnership__retailer_id", flat=True))


@receiver(products_changed, dispatch_uid="orders_follow_products")
def _products(company_id: int, **_: Any) -> None:
    rows = Partnership.objects.filter(supplier_id=company_id, retailer__isnull=False)
    recheck_later(rows.values_list("retailer_id", flat=True))
