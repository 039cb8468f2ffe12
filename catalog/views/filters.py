"""List filters that depend on who looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from catalog.models import ProductTag
from catalog.services.tags import tags_of
from portal.companies.models import Partnership, PartnershipState
from portal.lib.prepared import Prepared

MOST_OPTIONS = 40
# Goods whose values are offered: reading all of a large catalogue would cost more than its page.
NEWEST = 1_000
_SUPPLIERS = Prepared(
    lambda company: (
        Partnership.objects.filter(retailer=company, state=PartnershipState.ACCEPTED)
        .order_by("supplier__name")
        .values_list("supplier_id", "supplier__name")
    )
)


@dataclass(frozen=True, slots=True)
class OneOf:
    """A choice among a few conditions, each made for the viewer: (value, label, function of the view that gives the condition)."""

    key: str
    label: str
    choices: tuple[tuple[str, str, Callable[[Any], Q]], ...]

    def options(self, view: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, label, _ in self.choices]

    def where(self, values: list[str], view: Any) -> Q:
        condition = Q()
        for value, _, make in self.choices:
            if value in values:
                condition |= make(view)
        return condition

    def said(self, values: list[str], view: Any) -> str:
        return " or ".join(label.lower() for value, label, _ in self.choices if value in values)


def partners_of(view: Any) -> Iterable[tuple[str, str]]:
    """The suppliers that the viewer's company trades with."""
    return _SUPPLIERS.rows(company=view.request.scope.company.pk, limit=MOST_OPTIONS)


@dataclass(frozen=True, slots=True)
class ValueFilter:
    """Any of some texts of ``field``. Offers those of the newest goods; takes any, so that a link from elsewhere narrows, too."""

    key: str
    label: str
    field: str

    def options(self, view: Any) -> list[tuple[str, str]]:
        newest = view.goods().order_by("-pk").values_list(self.field, flat=True)[:NEWEST]
        known = {value for value in newest if value} | set(view.chosen.get(self.key, []))
        return [(value, value) for value in sorted(known, key=str.casefold)[:MOST_OPTIONS]]

    def where(self, values: list[str], view: Any) -> Q:
        return Q(**{f"{self.field}__in": values[:MOST_OPTIONS]})

    def said(self, values: list[str], view: Any) -> str:
        return values[0] if len(values) == 1 else f"any of {len(values)}"


@dataclass(frozen=True, slots=True)
class TagFilter:
    """Goods with any of some of the supplier's own tags; ``field`` leads from a row to its product. Offers the tags used most, takes any."""

    key: str = "tag"
    label: str = "Tag"
    field: str = "pk"

    def options(self, view: Any) -> list[tuple[str, str]]:
        found = {key: name for key, name, _ in tags_of(view.request.scope.company, most=MOST_OPTIONS)}
        found |= {value: value for value in view.chosen.get(self.key, []) if value not in found}
        return sorted(found.items())

    def where(self, values: list[str], view: Any) -> Q:
        keys = [value.casefold() for value in values[:MOST_OPTIONS]]
        own = ProductTag.objects.filter(product__company=view.request.scope.company, key__in=keys)
        return Q(**{f"{self.field}__in": own.values("product")})

    def said(self, values: list[str], view: Any) -> str:
        return values[0] if len(values) == 1 else f"any of {len(values)}"
