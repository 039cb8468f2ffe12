"""Taking back what was last done in bulk on a price list: kept with the person's session until it is used or something else is done in bulk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from catalog.models import PriceList, PriceRevision
from catalog.pricing.change import Change, Fixed
from catalog.services.locks import lock_prices
from catalog.services.releasing import put
from catalog.services.standing import restore_overrides, standing_overrides
from catalog.views.panels import list_of
from portal.companies.audit import record
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError

KEY = "bulk_prices"
# What a session carries; more is undone from the list's history.
MOST_KEPT = 1_000


def put_and_keep(
    request: HttpRequest, price_list: PriceList, fixed: Mapping[int, Fixed]
) -> tuple[PriceRevision | list[int], str]:
    """Take a bulk edit and keep its way back: both or neither. Returns what ``put`` does, and the address that takes the edit back ("" where there is nothing,
    or too much)."""
    change = Change(overrides=fixed)
    if not 0 < len(fixed) <= MOST_KEPT:
        request.session.pop(KEY, None)
        return put(price_list, change, by=request.user), ""
    with transaction.atomic():
        lock_prices(price_list, fixed.keys())
        before = Change(overrides=standing_overrides(price_list, fixed.keys()))
        done = put(price_list, change, by=request.user)
        _keep(request, {"list": price_list.pk, "before": before.to_json(), "after": change.to_json()})
    return done, reverse("price-list-undo", args=[price_list.pk])


def _keep(request: HttpRequest, way_back: dict[str, Any]) -> None:
    """With the session, in the caller's transaction. Raises SessionInterrupted for a person who signed out meanwhile, as the end of every request does."""
    request.session[KEY] = way_back
    try:
        request.session.save()
    except UpdateError as error:
        raise SessionInterrupted("The session was ended before the prices were changed.") from error


def undo_url(request: HttpRequest, price_list: PriceList) -> str:
    """Where the person's last bulk edit of ``price_list`` is taken back; "" where there is none."""
    is_ours = request.session.get(KEY, {}).get("list") == price_list.pk
    return reverse("price-list-undo", args=[price_list.pk]) if is_ours else ""


@requires(Can.PRICES)
@require_POST
def undo_bulk(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the last bulk edit back; prices that somebody changed since stay."""
    price_list = list_of(request, pk)
    kept = request.session.pop(KEY, {}) if undo_url(request, price_list) else {}
    before, after = (Change.from_json(kept.get(name, {})).overrides for name in ("before", "after"))
    try:
        count = restore_overrides(price_list, before, after, by=request.user)
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _said(count, len(before) - count))
        if count:
            sentence = f"Took the last bulk edit of “{price_list}” back."
            record(request.scope.company, "price_list.undone", target=price_list, sentence=sentence, user=request.user)
    return redirect("price-list", price_list.pk)


def _said(count: int, kept: int) -> str:
    if not count and not kept:
        return "There is nothing to take back any more. The list’s history undoes what was published."
    stay = f" {kept:,} that changed since {'stays' if kept == 1 else 'stay'}." if kept else ""
    return f"Undone. {count:,} {'price is' if count == 1 else 'prices are'} as before.{stay}"
