"""Taking back what was last done in bulk on a price list: kept with the person's session until it is used or something else is done in bulk."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from catalog.models import PriceList
from catalog.pricing.change import Change, Fixed
from catalog.services.standing import restore_overrides, standing_overrides
from catalog.views.panels import list_of
from portal.companies.audit import record
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError

KEY = "bulk_prices"
# What a session carries; more is undone from the list's history.
MOST_KEPT = 1_000


class Kept:
    """What stood before a bulk edit; ``done`` keeps it, once the edit is made."""

    def __init__(self, request: HttpRequest, price_list: PriceList, fixed: Mapping[int, Fixed]) -> None:
        self._request, self._list, self._fixed = request, price_list, fixed
        self._before = standing_overrides(price_list, fixed.keys()) if len(fixed) <= MOST_KEPT else {}

    def done(self) -> str:
        """Keep it. Returns the address that takes the edit back; "" where there is nothing, or too much."""
        self._request.session.pop(KEY, None)
        if not self._before:
            return ""
        before, after = Change(overrides=self._before).to_json(), Change(overrides=self._fixed).to_json()
        self._request.session[KEY] = {"list": self._list.pk, "before": before, "after": after}
        return reverse("price-list-undo", args=[self._list.pk])


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
