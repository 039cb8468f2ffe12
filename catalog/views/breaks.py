"""Quantity breaks of a list, and when a second person must approve: two small panels."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from catalog.margin_words import plain_number
from catalog.models import PriceList, PriceRevision, Variant, sku_key
from catalog.pricing.change import Change, QuantityBreak
from catalog.services import open_revision, policy_of, set_policy
from catalog.services.applying import all_breaks_of
from catalog.services.releasing import put
from catalog.views.amounts import read_amount
from catalog.views.panels import list_of, panel
from portal.companies.audit import record
from portal.companies.guard import requires
from portal.companies.permissions import Can, Role, permissions_of
from portal.lib.errors import DomainError

SPARE_ROWS = 3


@requires(Can.PRICES)
def price_breaks(request: HttpRequest, pk: int) -> HttpResponse:
    """The quantity breaks as a few rows: from how many units, for which SKU, how much; empty rows are left out."""
    price_list = list_of(request, pk)
    rows, error = _rows_of(price_list), ""
    if request.method == "POST":
        rows = _typed_rows(request)
        try:
            done = put(price_list, Change(breaks=_read(price_list, rows)), by=request.user)
        except DomainError as problem:
            error = problem.sentence
        else:
            waits = isinstance(done, PriceRevision)
            messages.success(
                request,
                "Kept in the draft. Preview and publish when you are ready."
                if waits
                else "Saved. Partners see the new quantity prices.",
            )
            return redirect("price-list", price_list.pk)
    spare = [("", "", "")] * SPARE_ROWS
    return panel(
        request, "breaks", f"Quantity breaks of {price_list}", price_list=price_list, rows=[*rows, *spare], error=error
    )


@requires(Can.COMPANY)
def price_policy(request: HttpRequest, pk: int) -> HttpResponse:
    """When a publish of the company's lists needs a second person."""
    price_list = list_of(request, pk)
    policy, error = policy_of(request.scope.company), ""
    if request.method == "POST":
        try:
            policy = set_policy(
                request.scope.company,
                share=_percent(request.POST.get("share", ""), "approve_share"),
                move_percent=_percent(request.POST.get("move", ""), "approve_move"),
            )
        except DomainError as problem:
            error = problem.sentence
        else:
            words = "asks for approval" if policy.is_on else "does not ask for approval"
            record(
                request.scope.company,
                "price_policy.changed",
                sentence=f"Publishing prices {words} now.",
                user=request.user,
            )
            messages.success(request, f"Saved. Publishing prices {words} now.{_nobody_else(request, policy.is_on)}")
            return redirect("price-list", price_list.pk)
    return panel(request, "policy", "Approval of price changes", price_list=price_list, policy=policy, error=error)


def _nobody_else(request: HttpRequest, is_on: bool) -> str:
    """What to do where nobody could approve what this person changes; "" where somebody can."""
    roles = [role for role in Role if Can.PRICES in permissions_of(role)]
    others = request.scope.company.memberships.filter(role__in=roles).exclude(user=request.user)
    if not is_on or others.exists():
        return ""
    return " You are the only one who may approve, and nobody approves an own change: invite a colleague under Settings, People."


def _rows_of(price_list: PriceList) -> list[tuple[str, str, str]]:
    """The breaks in the draft, else in force, as texts."""
    revision = open_revision(price_list)
    drafted = Change.from_json(revision.change).breaks if revision else None
    breaks = all_breaks_of(price_list) if drafted is None else drafted
    skus: dict[int | None, str] = dict(
        Variant.objects.filter(pk__in=[one.variant_id for one in breaks if one.variant_id]).values_list("pk", "sku")
    )
    return [
        (
            str(one.quantity),
            skus.get(one.variant_id, ""),
            f"{plain_number(one.percent_off)} %" if one.amount is None else f"{one.amount:.2f}",
        )
        for one in breaks
    ]


def _typed_rows(request: HttpRequest) -> list[tuple[str, str, str]]:
    columns = [request.POST.getlist(name) for name in ("quantity", "sku", "worth")]
    return [
        tuple(cell.strip() for cell in row) for row in zip(*columns, strict=False) if any(cell.strip() for cell in row)
    ]


def _read(price_list: PriceList, rows: list[tuple[str, str, str]]) -> list[QuantityBreak]:
    return [_read_row(price_list, *row) for row in rows]


def _read_row(price_list: PriceList, quantity: str, sku: str, worth: str) -> QuantityBreak:
    if not quantity.isdigit():
        raise DomainError(f"“{quantity[:20]}” is no number of units. Type one such as 10.", field="quantity")
    figure: Decimal | None = read_amount(worth.replace("%", ""))
    if figure is None:
        raise DomainError("Say how much less it costs: 5 % for all goods, or a price for one SKU.", field="worth")
    if not sku:
        return QuantityBreak(int(quantity), percent_off=figure)
    found = list(
        Variant.objects.filter(company=price_list.company_id, sku_key=sku_key(sku)).values_list("pk", flat=True)[:2]
    )
    if len(found) != 1:
        many = "stands on several of your products" if found else "is none of your SKUs"
        raise DomainError(f"“{sku[:40]}” {many}. Type another, or leave it empty for all goods.", field="sku")
    return QuantityBreak(int(quantity), found[0], amount=figure)


def _percent(text: str, field: str) -> int | None:
    clean = text.strip().removesuffix("%").strip()
    if not clean:
        return None
    if not clean.isdigit() or len(clean) > 4:
        raise DomainError("Type a whole percentage such as 15, or leave it empty.", field=field)
    return int(clean)
