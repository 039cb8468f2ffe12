"""A retailer's own rules: how each supplier's goods are priced on its shelf, and what we may write in its store."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from catalog.models import Listing, ListingState, RetailRule
from catalog.models.retail import FIELDS
from catalog.numbers import with_terms
from catalog.retail import Rule, raised_words, rule_words, shelf_price
from catalog.services import rule_of, set_retail_rule
from portal.companies.audit import record
from portal.companies.guard import requires
from portal.companies.models import Partnership, PartnershipState
from portal.companies.permissions import Can
from portal.lib.errors import DomainError

SAMPLES = 6


class RetailRuleForm(forms.ModelForm):
    """The terms of a rule; the service says what makes sense."""

    class Meta:
        model = RetailRule
        fields = ("basis", "percent", "rounding_ending", "rounding_direction", *FIELDS.values())
        labels = {
            "basis": "Start from",
            "percent": "Percent",
            "rounding_ending": "Prices end on",
            "rounding_direction": "Round to the ending",
            "writes_title": "Title",
            "writes_description": "Description and brand",
            "writes_images": "Picture",
            "writes_price": "Price",
            "writes_stock": "Stock",
        }
        help_texts = {
            "percent": "40 puts 40 % on what you pay, or takes 40 % off the suggested price.",
            "rounding_ending": "0.99 makes 9.99 or 10.99. Leave it empty for exact pennies.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["percent"].widget.attrs["step"] = "any"
        self.initial["percent"] = f"{Decimal(self.initial.get('percent') or 0).normalize():f}"

    @property
    def price_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields if name not in FIELDS.values()]

    @property
    def write_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in FIELDS.values()]

    def _post_clean(self) -> None:
        """Sense is checked by the service, with its sentences."""


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A supplier's goods: what stands on the shelf for them in words, and what the store keeps as it has it."""

    partnership: Partnership
    words: str
    kept: str

    @classmethod
    def of(cls, partnership: Partnership) -> Self:
        rule: RetailRule | None = getattr(partnership, "retail_rule", None)
        if rule is None:
            return cls(partnership, "Suggested price", "")
        return cls(partnership, _words(rule, partnership), ", ".join(sorted(rule.keeps)))


@requires(Can.VIEW)
def retail_rules(request: HttpRequest) -> HttpResponse:
    """Every supplier with the rule for its goods."""
    partnerships = _partnerships(request).select_related("supplier", "retail_rule", "price_assignment__price_list")
    context = {
        "rows": [ShownRule.of(one) for one in partnerships],
        "title": "Your price rules",
        "help_slug": "listings",
        "may_change": request.scope.can(Can.PRODUCTS),
    }
    return render(request, "catalog/retail_rules.html", context)


@requires(Can.PRODUCTS)
def retail_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """The rule of one partnership, with some goods as it would price them; an unsaved look with ``?look``."""
    partnership = get_object_or_404(_partnerships(request), pk=pk)
    data = request.POST or (request.GET if "look" in request.GET else None)
    form = RetailRuleForm(data, instance=rule_of(partnership))
    if request.method == "POST" and form.is_valid() and _saved(request, partnership, form):
        return redirect("retail-rules")
    context = {
        "form": form,
        "partnership": partnership,
        "samples": _samples(partnership, form),
        "title": f"Prices of {partnership.supplier}’s goods",
        "help_slug": "listings",
    }
    is_look = request.method == "GET" and "look" in request.GET
    return render(request, "catalog/retail_samples.html" if is_look else "catalog/retail_rule.html", context)


def _saved(request: HttpRequest, partnership: Partnership, form: RetailRuleForm) -> bool:
    try:
        count = set_retail_rule(partnership, **form.cleaned_data)
    except DomainError as error:
        form.add_error(error.field or None, error.sentence)
        return False
    record(
        request.scope.company,
        "retail_rule.changed",
        target=partnership,
        sentence=f"Changed the price rule for {partnership.supplier}’s goods.",
        user=request.user,
    )
    said = (
        f"Saved. {count:,} listings are told to your store now." if count else "Saved. Nothing changed in your store."
    )
    messages.success(request, said)
    return True


def _samples(partnership: Partnership, form: RetailRuleForm) -> list[dict[str, Any]]:
    """A few listings as the rule in the form would price them; none while it is not readable."""
    rule = _typed_rule(form)
    if rule is None:
        return []
    held = Listing.objects.filter(partnership=partnership, is_active=True).exclude(state=ListingState.STOPPED)
    found = []
    for row in with_terms(held.select_related("variant__product")).order_by("-pk")[:SAMPLES]:
        facts, now = row.shelf_sum
        then = shelf_price(facts, rule=rule, own=row.retail_price)
        why = "Your own price goes before the rule." if row.retail_price else raised_words(then, facts) if then else ""
        found.append({"row": row, "facts": facts, "now": now, "then": then, "why": why})
    return found


def _typed_rule(form: RetailRuleForm) -> Rule | None:
    if not form.is_bound:
        one = form.instance
        return Rule(one.basis, one.percent, one.rounding_ending, one.rounding_direction)
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    return Rule(typed["basis"], typed["percent"], typed["rounding_ending"], typed["rounding_direction"])


def _words(rule: RetailRule, partnership: Partnership) -> str:
    assignment = getattr(partnership, "price_assignment", None)
    currency = (assignment.price_list.retail_currency or assignment.price_list.currency) if assignment else "GBP"
    return rule_words(Rule(rule.basis, rule.percent, rule.rounding_ending, rule.rounding_direction), currency)


def _partnerships(request: HttpRequest) -> QuerySet[Partnership]:
    own = request.scope.rows(Partnership).filter(retailer=request.scope.company, state=PartnershipState.ACCEPTED)
    return own.order_by("supplier__name")
