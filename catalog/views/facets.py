"""The column beside the catalogue: each way to narrow with its counts, read after the page so that the page does not wait for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from catalog.facets import Facet, FacetValue, count_facets
from catalog.search import find
from catalog.views.catalogue import CatalogueView
from portal.ui.lists.address import Address
from portal.ui.lists.filters import narrow


@dataclass(frozen=True, slots=True)
class Choice:
    """A value as the column shows it; ``url`` takes it or gives it up."""

    value: FacetValue
    is_on: bool
    url: str


class FacetsView(CatalogueView):
    """The fragment for the catalogue's present search and filters."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return render(request, "catalog/facets.html", {"facets": [self._shown(one) for one in self._facets()]})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=405)

    @cached_property
    def address(self) -> Address:
        return Address(reverse("catalogue"), self.request.GET)

    def _facets(self) -> list[Facet]:
        """A facet in use counts as if it were not, so that its other values can be compared; the others share one count."""
        keys = [item.key for item in self.filters]
        used = [key for key in keys if key in self.chosen]
        found = {one.key: one for one in self._counted(self.chosen, [key for key in _ORDER if key not in used])}
        for key in used:
            if key in _ORDER:
                rest = {name: values for name, values in self.chosen.items() if name != key}
                found |= {one.key: one for one in self._counted(rest, [key])}
        return [found[key] for key in _ORDER if key in found]

    def _counted(self, chosen: dict[str, list[str]], keys: list[str]) -> list[Facet]:
        company = self.request.scope.company
        rows = narrow(self.rows() if chosen else self.goods(), self.filters, chosen, self)
        if self.address.q:
            ids = find(rows, self.address.q, company_ids=self.sellers()).ids
            rows = self.goods().filter(pk__in=ids)
        return count_facets(company, rows, keys=keys)

    def _shown(self, facet: Facet) -> tuple[Facet, list[Choice]]:
        taken = self.chosen.get(facet.key, [])
        return facet, [self._choice(facet.key, value, taken) for value in facet.values]

    def _choice(self, key: str, value: FacetValue, taken: list[str]) -> Choice:
        is_on = value.value in taken
        values = [one for one in taken if one != value.value] if is_on else [*taken, value.value]
        return Choice(value, is_on, self.address.with_(**{key: values or None}))


_ORDER = ("supplier", "category", "brand", "listed", "stock", "price")
