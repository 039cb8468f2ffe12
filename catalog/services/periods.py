"""Lists that begin and end by themselves, and exceptions: a list that stands in for a partner's usual one while its period lasts."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog import signals
from catalog.models import ListException, Listing, PriceList, PriceListAssignment, PriceListState
from catalog.services.listings import refresh_activity
from catalog.services.lists import change_price_list, note_period
from portal.companies.models import Partnership
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError


def plan_exception(partnership: Partnership, price_list: PriceList) -> ListException:
    """Let ``partnership`` have ``price_list`` while that list's period lasts; afterwards it falls back to its usual list. Twice is once.

    Raises DomainError for a list of another supplier, one without a first and a last day, a partner without a usual list, and where another exception of
    the partner overlaps.
    """
    if price_list.company_id != partnership.supplier_id:
        raise DomainError("This price list belongs to another supplier. Choose one of your own.", field="price_list")
    if not (price_list.valid_from and price_list.valid_until):
        raise DomainError(
            "An exception needs a first and a last day. Set both in the list's terms.", field="valid_until"
        )
    if not PriceListAssignment.objects.filter(partnership=partnership).exists():
        raise DomainError("This partner has no usual list to fall back to. Assign one first.", field="price_list")
    _refuse_overlap(partnership, price_list)
    row, _ = ListException.objects.get_or_create(partnership=partnership, price_list=price_list)
    follow_periods()
    return row


def drop_exception(partnership: Partnership, price_list: PriceList) -> None:
    """Take the exception back; a partner that has the list now falls back at once."""
    with transaction.atomic():
        ListException.objects.filter(partnership=partnership, price_list=price_list).delete()
        _fall_back(PriceListAssignment.objects.filter(partnership=partnership, price_list=price_list))


def follow_periods(*, at: datetime | None = None) -> int:
    """Begin the lists whose time has come, end those whose time is over, and switch the partners with exceptions. Returns how many lists and partners
    changed. Run twice, the second changes nothing."""
    now = at or clock.now()
    begun = [_go_live(one) for one in _beginning(now)]
    switched = sum(_begin(one) for one in _switching(now).select_related("partnership", "price_list"))
    ended = [_end(one) for one in _over(now)]
    return len(begun) + switched + len(ended)


def is_period_due(*, at: datetime | None = None) -> bool:
    """Whether ``follow_periods`` has something to do."""
    now = at or clock.now()
    return _beginning(now).exists() or _over(now).exists() or _switching(now).exists()


def _beginning(now: datetime) -> QuerySet[PriceList]:
    return PriceList.objects.filter(_running(now), state=PriceListState.SCHEDULED)


def _over(now: datetime) -> QuerySet[PriceList]:
    return PriceList.objects.filter(state=PriceListState.LIVE, valid_until__lte=now)


def _switching(now: datetime) -> QuerySet[ListException]:
    """The exceptions that hold now and whose partner still has another list."""
    rows = ListException.objects.filter(_running(now, "price_list__"), price_list__state=PriceListState.LIVE)
    other = PriceListAssignment.objects.filter(partnership=OuterRef("partnership")).exclude(
        price_list=OuterRef("price_list")
    )
    return rows.filter(Exists(other))


def _running(now: datetime, path: str = "") -> Q:
    goes_on = Q(**{f"{path}valid_until__isnull": True}) | Q(**{f"{path}valid_until__gt": now})
    return Q(**{f"{path}valid_from__lte": now}) & goes_on


def _go_live(price_list: PriceList) -> list[int]:
    """Returns the variants whose price moved."""
    return change_price_list(price_list, state=PriceListState.LIVE)


def _end(price_list: PriceList) -> list[int]:
    """Everybody who has a usual list falls back to it; then the list is a draft again, ready for its next period. Returns the variants whose price moved."""
    with transaction.atomic():
        _fall_back(PriceListAssignment.objects.filter(price_list=price_list))
    return change_price_list(price_list, state=PriceListState.DRAFT)


@transaction.atomic
def _begin(one: ListException) -> int:
    held = PriceListAssignment.objects.select_for_update().filter(partnership=one.partnership)
    count = 0
    for assignment in held.exclude(price_list=one.price_list):
        assignment.usual_list_id = assignment.usual_list_id or assignment.price_list_id
        count += _switch(assignment, one.price_list)
    return count


def _fall_back(assignments: QuerySet[PriceListAssignment]) -> None:
    for assignment in assignments.exclude(usual_list=None).select_related("usual_list", "partnership"):
        if usual := assignment.usual_list:
            assignment.usual_list = None
            _switch(assignment, usual)


def _switch(assignment: PriceListAssignment, price_list: PriceList) -> int:
    """Give the partner ``price_list`` and tell its listings. In a transaction of the caller's."""
    assignment.price_list, assignment.assigned_at = price_list, clock.now()
    assignment.save(update_fields=("price_list", "usual_list", "assigned_at"))
    partnership = assignment.partnership
    note_period(partnership, price_list)
    refresh_activity(partnership=partnership)
    ids = list(Listing.objects.filter(partnership=partnership).values_list("pk", flat=True))
    if ids and partnership.retailer_id:
        signals.listings_changed.send(sender=Listing, company_id=partnership.retailer_id, listing_ids=ids)
    return 1


def _refuse_overlap(partnership: Partnership, price_list: PriceList) -> None:
    others = ListException.objects.filter(
        partnership=partnership,
        price_list__valid_from__lt=price_list.valid_until,
        price_list__valid_until__gt=price_list.valid_from,
    ).exclude(price_list=price_list)
    if clash := others.select_related("price_list").first():
        raise Conflict(
            f"“{clash.price_list}” holds for this partner in a part of that time. Change one of the periods.",
            field="price_list",
        )
