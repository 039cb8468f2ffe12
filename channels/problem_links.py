"""Where a problem leads: the page of what is stuck, and the screen that mends its cause."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from catalog.models import Variant
from channels.causes import Fix, cause_of
from channels.models import Problem
from channels.supplier_told import list_of
from orders.models import Order, Shipment, SupplierOrder
from portal.companies.permissions import Can
from portal.companies.scope import Scope


@dataclass(frozen=True, slots=True)
class Offer:
    """A button that leads to the fix."""

    label: str
    url: str


def to(name: str, *args: object) -> str:
    """The address of a page; "" where this installation has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def urls_of(problems: Iterable[Problem], scope: Scope) -> dict[int, str]:
    """The page of what each problem is about, by problem id, for what this company may open. Three queries at most."""
    problems = list(problems)
    ids = {
        kind: [p.record_id for p in problems if p.record_type == kind and p.record_id]
        for kind in ("order", "supplierorder", "shipment")
    }
    orders = set(scope.rows(Order).filter(pk__in=ids["order"]).values_list("pk", flat=True)) if ids["order"] else set()
    parts = scope.rows(SupplierOrder).filter(pk__in=ids["supplierorder"]) if ids["supplierorder"] else None
    references = dict(parts.values_list("pk", "reference")) if parts is not None else {}
    parcels = Shipment.objects.filter(pk__in=ids["shipment"]) if ids["shipment"] else None
    of_parcel = dict(parcels.values_list("pk", "supplier_order__reference")) if parcels is not None else {}
    known: dict[tuple[str, int | None], str] = {
        **{("order", pk): to("order", pk) for pk in orders},
        **{("supplierorder", pk): to("supplier-order", reference) for pk, reference in references.items()},
        **{("shipment", pk): to("supplier-order", reference) for pk, reference in of_parcel.items()},
    }
    return {p.pk: known.get((p.record_type, p.record_id)) or _own_page(p) for p in problems}


# Records of the company itself whose page is named by their id.
_PAGES = {"integration": "integration", "webhookendpoint": "webhook", "partnership": "partner"}


def _own_page(problem: Problem) -> str:
    return to(_PAGES[problem.record_type], problem.record_id) if problem.record_type in _PAGES else ""


def fix_for(problem: Problem, scope: Scope, page: str) -> Offer | None:
    """The button for the screen that mends ``problem``; ``page`` is its record's page. None where no screen of ours does, or the role may not."""
    rule = _FIXES.get(cause_of(problem.code).fix)
    if rule is None or not scope.can(rule.permission):
        return None
    label, url = rule.label.format(name=problem.integration or "it"), rule.url(problem, page)
    return Offer(label, url) if url and rule.fits(scope) else None


def _prices(problem: Problem) -> str:
    """The price list that lacks something, shown from what it lacks on, or all of them."""
    price_list = list_of(problem)
    if price_list is None or problem.record_id is None:
        return to("prices")
    skus = Variant.objects.filter(pk=problem.record_id, company=problem.company_id).values_list("sku", flat=True)
    return f"{to('price-list', price_list)}?{urlencode({'q': skus.first() or ''})}"


@dataclass(frozen=True, slots=True)
class _Rule:
    label: str
    url: Callable[[Problem, str], str]
    permission: Can
    fits: Callable[[Scope], bool] = lambda scope: True


_FIXES = {
    Fix.REAUTHORISE: _Rule(
        "Reauthorise {name}", lambda p, page: to("integration-reauthorise", p.integration_id), Can.INTEGRATIONS
    ),
    Fix.SETTINGS: _Rule(
        "Open the settings of {name}", lambda p, page: to("integration-settings", p.integration_id), Can.INTEGRATIONS
    ),
    Fix.MAPPING: _Rule(
        "Open the mapping of {name}", lambda p, page: to("integration-mapping", p.integration_id), Can.INTEGRATIONS
    ),
    Fix.PRICES: _Rule("Open prices", lambda p, page: _prices(p), Can.PRICES, lambda scope: scope.company.is_supplier),
    Fix.PARTNERS: _Rule("Open partners", lambda p, page: to("partners"), Can.VIEW),
    Fix.ADDRESS: _Rule("Enter your address", lambda p, page: to("company-settings"), Can.COMPANY),
    Fix.BOOKS: _Rule(
        "Look at the differences", lambda p, page: to("integration-differences", p.integration_id), Can.VIEW
    ),
    Fix.WEBHOOK: _Rule("Look at its log", lambda p, page: to("webhook", p.record_id), Can.INTEGRATIONS),
    Fix.CONNECTIONS: _Rule("Open your connections", lambda p, page: to("integrations"), Can.INTEGRATIONS),
    Fix.MATCH: _Rule("Match it in the order", lambda p, page: page, Can.ORDERS),
    Fix.ORDER: _Rule("Open the order", lambda p, page: page, Can.VIEW),
}
