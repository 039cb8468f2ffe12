"""SKU health: what the last look at a company's SKUs found, and one click to settle what can be settled."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from catalog.models import FindingKind, SkuCheck, SkuFinding
from catalog.models.sku_health import TROUBLE
from catalog.sku_health import services
from portal.companies.guard import requires
from portal.companies.models import Company
from portal.companies.permissions import Can
from portal.ui.lists import BulkAction, ChoiceFilter, Column, Empty, ListView, Tab
from portal.ui.looks import FINE, Look

KINDS: dict[str, Look] = {
    FindingKind.NEAR: Look("equal-approximately", "warn", "Looks alike"),
    FindingKind.DUPLICATE: Look("copy", "bad", "Shared by several"),
    FindingKind.MISSING: Look("circle-dashed", "bad", "No SKU"),
    FindingKind.DAMAGED: Look("triangle-alert", "bad", "Damaged"),
    FindingKind.RENAMED: Look("replace", "warn", "Renamed"),
    FindingKind.MATCHED: FINE.named("Matched"),
    FindingKind.HERE: Look("circle", "idle", "Only here"),
    FindingKind.THERE: Look("circle", "idle", "Only there"),
}
ADVICE: dict[str, str] = {
    FindingKind.NEAR: "Same goods? Remember it, or write both alike.",
    FindingKind.DUPLICATE: "Give each product a SKU of its own in your store or file.",
    FindingKind.MISSING: "Give it a SKU in your store; options need one each.",
    FindingKind.DAMAGED: "Format the column as text, type the SKU again and import it.",
    FindingKind.RENAMED: "Remember the old SKU while orders may still say it.",
    FindingKind.HERE: "No supplier offers this SKU to you.",
    FindingKind.THERE: "Offered to you, and not in your store.",
}
# Within one's own catalogue there is nothing to remember.
OWN_ADVICE: dict[str, str] = {
    FindingKind.NEAR: "One product twice, or two that are easily mistaken: rename or remove one.",
    FindingKind.RENAMED: "Partners who list it can remember the old SKU on their page.",
}
MOST = 500


def same(view: Any, rows: QuerySet[SkuFinding]) -> str:
    """Remember look-alikes as the same goods. Raises DomainError where none can be."""
    done = services.settle_same(view.request.scope.company, rows.select_related("other")[:MOST])
    return f"{done:,} remembered. Orders that say your SKU mean your partner's goods from now on."


def different(view: Any, rows: QuerySet[SkuFinding]) -> str:
    """Remember look-alikes as the company's own goods. Raises DomainError where none can be."""
    done = services.settle_different(view.request.scope.company, rows[:MOST])
    return f"{done:,} remembered as your own goods."


def forgotten(view: Any, rows: QuerySet[SkuFinding]) -> str:
    """Forget what was remembered. Raises DomainError where nothing was."""
    done = services.forget(view.request.scope.company, rows[:MOST])
    return f"{done:,} forgotten. Look again to see how these SKUs stand by themselves."


def sides(view: Any) -> list[tuple[str, str]]:
    """The companies that the present round compares with."""
    ids = view.rows().exclude(partner=None).values("partner").distinct()
    return [
        (str(pk), name)
        for pk, name in Company.objects.filter(pk__in=ids).order_by("name").values_list("pk", "name")[:40]
    ]


def sku_words(row: SkuFinding) -> str:
    return row.sku or ("No SKU" if row.variant_id else "")


def side_words(row: SkuFinding) -> str:
    own = "Your own catalogue" if row.kind in TROUBLE else ""
    return row.partner.name if row.partner else row.place or own


def what_words(row: SkuFinding) -> str:
    is_own = row.partner_id is None and not row.place
    advice = OWN_ADVICE.get(row.kind, "") if is_own else ""
    return " ".join(part for part in (row.detail, advice or ADVICE.get(row.kind, "")) if part)


class SkuHealthView(ListView):
    """One row a finding."""

    name = "sku-health"
    title = "SKU health"
    model = SkuFinding
    template = "catalog/sku_health/page.html"
    place = "products"
    help_slug = "skus"
    order = "pk"
    newer_word, older_word = "Previous", "Next"
    search = ("sku__istartswith", "other_sku__istartswith")
    search_hint = "SKU"
    tabs = (
        Tab("look", "Needs a look", Q(kind__in=TROUBLE), tone="warn"),
        Tab("matched", "Matched", Q(kind=FindingKind.MATCHED)),
        Tab("here", "Only here", Q(kind=FindingKind.HERE)),
        Tab("there", "Only there", Q(kind=FindingKind.THERE)),
        Tab("all", "All", counted=False),
    )
    filters = (
        ChoiceFilter("kind", "What", FindingKind.choices),
        ChoiceFilter("partner", "Compared with", sides, field="partner_id"),
    )
    actions = (
        BulkAction("same", "Same goods", same, Can.PRODUCTS, icon="link"),
        BulkAction("different", "Different goods", different, Can.PRODUCTS, icon="unlink"),
        BulkAction("forget", "Forget", forgotten, Can.PRODUCTS, icon="undo-2"),
    )
    columns = (
        Column(
            "sku",
            "Your SKU",
            value=sku_words,
            kind="code",
            link=lambda row: reverse("product", args=[row.variant.product_id]) if row.variant_id else "",
            place="1l",
        ),
        Column("other_sku", "Beside", kind="code", place="2l"),
        Column("side", "Compared with", value=side_words, place="2r"),
        Column("kind", "What", kind="state", looks=KINDS, place="1r"),
        Column("what", "What it means", value=what_words, cell="catalog/sku_health/what.html", place="3l"),
    )

    @property
    def empty(self) -> Empty:
        """Nothing found: because nobody looked, or because all is well."""
        if self.check.checked_at is None:
            return Empty("scan-search", "We look at your SKUs now", "The findings appear here in a moment.")
        if not self.check.looked_at and self.rows().exists():
            return Empty(
                "circle-check",
                "Nothing needs a look",
                "You have no goods of your own to compare. Your suppliers’ SKUs are under Matched and Only there.",
            )
        if not self.check.looked_at:
            return Empty(
                "scan-search",
                "No SKUs yet",
                "Once your products are here, this page says which SKUs match your partners' and which only look alike.",
                "products",
                "Open products",
            )
        return Empty(
            "circle-check", "Every SKU is in order", "None is shared, missing, damaged or easily mistaken for another."
        )

    @property
    def check(self) -> SkuCheck:
        if not hasattr(self, "_check"):
            self._check = services.check_of(self.request.scope.company)
            if services.is_old(self._check):
                self._check = services.ask(self.request.scope.company)
        return self._check

    def rows(self) -> QuerySet[SkuFinding]:
        rows = self.request.scope.rows(SkuFinding).filter(round=self.check.round)
        return rows.select_related("variant__product", "partner")

    def row_class(self, row: Any) -> str:
        return "tall"

    @cached_property
    def allowed_actions(self) -> list[BulkAction]:
        """Matches are remembered for orders of a retailer's store; a supplier has none to remember."""
        return super().allowed_actions if self.request.scope.company.is_retailer else []

    def extra(self) -> dict[str, Any]:
        return {"check": self.check, "may_look": self.request.scope.can(Can.PRODUCTS)}


@requires(Can.PRODUCTS)
@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """Look at the company's SKUs now."""
    check = services.ask(request.scope.company)
    said = (
        "We look at your SKUs now; the page shows the last findings until then."
        if check.is_running
        else "Looked again just now."
    )
    messages.success(request, said)
    return redirect("sku-health")
