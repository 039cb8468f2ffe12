"""The retailer's own rule for a partner's goods: its price on the shelf, and what we may write in its store."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from catalog import signals
from catalog.models import Listing, ListingState, RetailRule, RoundingDirection
from catalog.models.retail import FIELDS
from portal.companies.models import Partnership
from portal.lib import clock
from portal.lib.errors import DomainError

PRICED = ("basis", "percent", "rounding_ending", "rounding_direction")
EDITABLE = frozenset({*PRICED, *FIELDS.values()})
CHUNK = 2_000
HIGHEST = Decimal(1000)


def rule_of(partnership: Partnership) -> RetailRule:
    """The rule of ``partnership``; an unsaved one that changes nothing where there is none."""
    return RetailRule.objects.filter(partnership=partnership).first() or RetailRule(partnership=partnership)


def set_retail_rule(partnership: Partnership, **terms: Any) -> int:
    """Change fields of EDITABLE of the retailer's rule, and tell its stores. Returns how many listings it prices. Raises DomainError for terms without sense.

    The same terms again change nothing and tell nobody.
    """
    if unknown := terms.keys() - EDITABLE:
        raise DomainError(f"A rule has no “{min(unknown)}”.", field=min(unknown))
    with transaction.atomic():
        rule = rule_of(partnership)
        before = {name: getattr(rule, name) for name in EDITABLE} if rule.pk else {}
        for name, value in terms.items():
            setattr(rule, name, value)
        _check(rule)
        if before == {name: getattr(rule, name) for name in EDITABLE}:
            return 0
        rule.updated_at = clock.now()
        rule.save()
        return _tell(partnership, texts=_allows_more(rule, before))


def drop_retail_rule(partnership: Partnership) -> int:
    """Go back to the suggested prices. Returns how many listings that concerns; without a rule none."""
    with transaction.atomic():
        gone, _ = RetailRule.objects.filter(partnership=partnership).delete()
        return _tell(partnership, texts=False) if gone else 0


def _check(rule: RetailRule) -> None:
    if rule.basis not in RetailRule.Basis.values:
        raise DomainError("A rule starts from the suggested price or from what you pay. Choose one.", field="basis")
    if not rule.percent.is_finite() or abs(rule.percent) >= HIGHEST:
        raise DomainError("Type a percentage between -999 and 999, such as 40.", field="percent")
    if rule.basis == RetailRule.Basis.SUGGESTED and rule.percent >= 100:
        raise DomainError("100 % off leaves no price. Type less than 100.", field="percent")
    if rule.basis == RetailRule.Basis.COST and rule.percent <= -100:
        raise DomainError("100 % less leaves no price. Type more than -100.", field="percent")
    if rule.rounding_ending is not None and not 0 <= rule.rounding_ending < 1:
        raise DomainError("An ending lies between 0.00 and 0.99, such as 0.99.", field="rounding_ending")
    if rule.rounding_direction not in RoundingDirection.values:
        raise DomainError("Round to the nearest ending, up or down.", field="rounding_direction")


def _allows_more(rule: RetailRule, before: dict[str, Any]) -> bool:
    """Whether the stores are to take texts, pictures or figures that they kept until now."""
    return any(getattr(rule, flag) and not before.get(flag, False) for flag in FIELDS.values())


def _tell(partnership: Partnership, *, texts: bool) -> int:
    """Announce every listing of the partnership, in chunks; with ``texts`` whole products are sent, else prices only."""
    rows = Listing.objects.filter(partnership=partnership).exclude(state=ListingState.STOPPED)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    signal = signals.listings_changed if texts else signals.shelf_prices_changed
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        signal.send(sender=Listing, company_id=partnership.retailer_id, listing_ids=part)
    return len(ids)
