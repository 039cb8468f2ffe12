"""The rules of a list: added, edited, ordered and deleted in the draft; each says how many SKUs it decides."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse

from catalog.margin_words import HOWS, margin_fields, margin_phrase, plain_number, said_margin
from catalog.models import PriceList, PriceRule, Product
from catalog.pricing import Rule
from catalog.pricing.change import Change
from catalog.rule_counts import decided
from catalog.services import draft_change, open_revision
from catalog.services.previews import planned_terms
from catalog.services.terms import rules_of
from catalog.views.panels import list_of, panel
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import Conflict, DomainError
from portal.lib.money import parse_decimal

MOST_SUGGESTED = 200


@requires(Can.PRICES)
def price_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """The rules of the list as its draft has them; POST changes one of them in the draft."""
    price_list = list_of(request, pk)
    error, typed, note = "", {}, ""
    if request.method == "POST":
        try:
            note = _edit(request, price_list)
        except DomainError as problem:
            error, typed = problem.sentence, request.POST.dict()
    return _shown(request, price_list, error=error, typed=typed, note=note)


def _edit(request: HttpRequest, price_list: PriceList) -> str:
    """Do what was asked for and return what to say of it. Raises DomainError for a rule that makes no sense, Conflict where the draft has moved on."""
    rules = working_rules(price_list)
    if request.POST.get("seen") != _fingerprint(rules):
        raise Conflict(
            "Somebody else changed the rules meanwhile. They stand here as they are now; make your edit again."
        )
    act = _move if "move" in request.POST else _ACTS.get(request.POST.get("op", ""))
    if act is None:
        raise DomainError("Choose what to do with the rule.")
    changed, note = act(request, rules)
    draft_change(price_list, Change(rules=changed), by=request.user)
    return note


def working_rules(price_list: PriceList) -> list[Rule]:
    """The rules as the draft has them, else those in force."""
    revision = open_revision(price_list)
    drafted = Change.from_json(revision.change).rules if revision else None
    return rules_of(price_list) if drafted is None else list(drafted)


def _save(request: HttpRequest, rules: list[Rule]) -> tuple[list[Rule], str]:
    """Add a rule, or replace the one at ``at``."""
    rule, at = _typed_rule(request), request.POST.get("at", "")
    if at.isdigit() and int(at) < len(rules):
        return [*rules[: int(at)], rule, *rules[int(at) + 1 :]], f"The rule for {rule.value} is changed in the draft."
    return [*rules, rule], f"The rule for {rule.value} is added to the draft."


def _delete(request: HttpRequest, rules: list[Rule]) -> tuple[list[Rule], str]:
    at = _place(request, rules)
    return rules[:at] + rules[at + 1 :], f"The rule for {rules[at].value} is deleted in the draft."


def _move(request: HttpRequest, rules: list[Rule]) -> tuple[list[Rule], str]:
    at, to = _place(request, rules), request.POST.get("move", "")
    if not to.isdigit() or int(to) >= len(rules):
        return rules, ""
    left = rules[:at] + rules[at + 1 :]
    left.insert(int(to), rules[at])
    return left, f"{rules[at].value} stands at place {int(to) + 1} now."


def _restore(request: HttpRequest, rules: list[Rule]) -> tuple[list[Rule], str]:
    """Put a deleted rule back where it stood."""
    at, rule = request.POST.get("at", ""), _typed_rule(request)
    left = list(rules)
    left.insert(int(at) if at.isdigit() else len(left), rule)
    return left, f"The rule for {rule.value} is back."


_ACTS: dict[str, Callable[[HttpRequest, list[Rule]], tuple[list[Rule], str]]] = {
    "save": _save,
    "delete": _delete,
    "restore": _restore,
}


def _typed_rule(request: HttpRequest) -> Rule:
    number = parse_decimal(request.POST.get("margin", "").replace("%", "").replace(",", "."))
    if number is None:
        raise DomainError("A rule needs a margin. Type a number such as 25.", field="margin")
    how = request.POST.get("how", "")
    if how not in dict(HOWS):
        raise DomainError("Choose what the margin is taken off.", field="how")
    fields = margin_fields(number, how)
    return Rule(
        request.POST.get("target", ""),
        request.POST.get("value", "").strip()[:255],
        fields["percent_off"],
        fields["amount_off"],
        fields["basis"],
    )


def _place(request: HttpRequest, rules: list[Rule]) -> int:
    at = request.POST.get("at", "")
    if not at.isdigit() or int(at) >= len(rules):
        raise Conflict("This rule is gone already. The rules stand here as they are now.")
    return int(at)


def _shown(
    request: HttpRequest, price_list: PriceList, *, error: str, typed: dict[str, Any], note: str
) -> HttpResponse:
    rules = working_rules(price_list)
    counts = decided(price_list, planned_terms(price_list, Change(rules=rules)))
    lines = [_line(at, rule, counts[at], price_list, rules) for at, rule in enumerate(rules)]
    gone = _deleted(request) if note and request.POST.get("op") == "delete" else None
    editing = request.GET.get("edit", typed.get("at", ""))
    edited = lines[int(editing)] if editing.isdigit() and int(editing) < len(lines) else None
    return panel(
        request,
        "rules",
        f"Rules of {price_list}",
        price_list=price_list,
        note=note,
        lines=lines,
        rest=counts[-1],
        seen=_fingerprint(rules),
        targets=PriceRule.Target.choices,
        hows=HOWS,
        error=error,
        typed=typed,
        edited=edited,
        gone=gone,
        revision=open_revision(price_list),
        suggestions=_suggestions(price_list),
    )


def _line(at: int, rule: Rule, count: int, price_list: PriceList, rules: list[Rule]) -> dict[str, Any]:
    number, how = said_margin(rule, basis=price_list.basis)
    return {
        "at": at,
        "rule": rule,
        "kind": PriceRule.Target(rule.target).label,
        "margin": plain_number(number),
        "how": how,
        "words": margin_phrase(number, how),
        "count": count,
        "up": at - 1 if at else None,
        "down": at + 1 if at + 1 < len(rules) else None,
    }


def _deleted(request: HttpRequest) -> dict[str, str]:
    """What the undo of a deletion posts."""
    return {name: request.POST.get(name, "") for name in ("at", "target", "value", "margin", "how")}


def _fingerprint(rules: list[Rule]) -> str:
    """The rules in one word: an edit of others than these is refused."""
    return sha256("|".join(map(_text, rules)).encode()).hexdigest()[:16]


def _text(rule: Rule) -> str:
    off = rule.percent_off.normalize() if rule.amount_off is None else f"={rule.amount_off.normalize()}"
    return f"{rule.target}:{rule.value}:{off}:{rule.basis}"


def _suggestions(price_list: PriceList) -> list[str]:
    """Brands and categories that the goods have, for the field's list."""
    goods = Product.objects.filter(company_id=price_list.company_id, is_active=True)
    found: set[str] = set()
    for field in ("brand", "category"):
        names = goods.exclude(**{field: ""}).order_by(field).values_list(field, flat=True)
        found |= set(names.distinct()[:MOST_SUGGESTED])
    return sorted(found, key=str.casefold)
