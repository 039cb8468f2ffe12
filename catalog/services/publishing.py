"""Putting a change into force: the list is written, its prices follow, and a revision keeps what was before.

A publish that was cut between both is taken up again by ``finish_publishes``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from catalog.models import PriceList, PriceRevision, RevisionState
from catalog.pricing.change import Change
from catalog.services.applying import apply_change
from catalog.services.prices import refresh_prices
from catalog.services.revisions import move
from portal.companies.models import User
from portal.lib import clock
from portal.lib.errors import Conflict

# A publish that has not ended after so long was cut.
CUT_AFTER = timedelta(minutes=10)


def publish_change(
    price_list: PriceList,
    change: Change,
    *,
    by: User | None = None,
    sentence: str = "",
    undoes: PriceRevision | None = None,
) -> list[int]:
    """Put ``change`` into force now. Returns the variants whose price moved. Raises DomainError for what makes no sense; then nothing has changed."""
    if not change:
        return []
    with transaction.atomic():
        revision = PriceRevision.objects.create(
            price_list=price_list,
            state=RevisionState.PUBLISHING,
            change=change.to_json(),
            before=apply_change(price_list, change, by=by).to_json(),
            sentence=sentence[:300] or said(change),
            created_by=by,
            undoes=undoes,
            published_at=clock.now(),
        )
    return _finish(revision, price_list, change)


def publish_revision(revision: PriceRevision, *, by: User | None = None) -> list[int]:
    """Put an open revision into force. Returns the variants whose price moved; Conflict for one that is open no longer. Safe to run twice: one of two
    publishes."""
    price_list = PriceList.objects.get(pk=revision.price_list_id)
    change = Change.from_json(revision.change)
    with transaction.atomic():
        move(revision, RevisionState.PUBLISHING, published_at=clock.now())
        revision.before = apply_change(price_list, change, by=by or revision.created_by).to_json()
        revision.sentence = revision.sentence or said(change)
        revision.save(update_fields=("before", "sentence"))
    return _finish(revision, price_list, change)


def undo_publish(revision: PriceRevision, *, by: User | None = None) -> list[int]:
    """Restore what was before ``revision``, as a new version. Returns the variants whose price moved. Raises Conflict unless it is in force and not undone."""
    if revision.state != RevisionState.PUBLISHED:
        raise Conflict("This change is not in force, so there is nothing to undo.")
    if revision.undone_by.exists():
        raise Conflict("This change has been undone already.")
    words = f"Undid: {revision.sentence}"
    return publish_change(
        revision.price_list, Change.from_json(revision.before), by=by, sentence=words, undoes=revision
    )


def publish_due() -> int:
    """Put into force every scheduled revision whose time has come, and finish what was cut. Returns how many went live. Run twice, each is published once."""
    finish_publishes()
    return sum(
        _publish_unless_taken(revision) for revision in _due().select_related("price_list").order_by("publish_at")
    )


def is_publish_due() -> bool:
    """Whether ``publish_due`` has something to do."""
    return _due().exists() or _cut().exists()


def finish_publishes() -> int:
    """Reprice the lists whose publish was cut before all prices had followed. Returns how many there were."""
    cut = list(_cut().select_related("price_list"))
    for revision in cut:
        _finish(revision, revision.price_list, Change.from_json(revision.change))
    return len(cut)


def _due() -> QuerySet[PriceRevision]:
    return PriceRevision.objects.filter(state=RevisionState.SCHEDULED, publish_at__lte=clock.now())


def _cut() -> QuerySet[PriceRevision]:
    return PriceRevision.objects.filter(state=RevisionState.PUBLISHING, published_at__lt=clock.now() - CUT_AFTER)


def said(change: Change) -> str:
    """A change in a few words: ``2 terms, the rules, 3 prices set by hand``."""
    fixed = sum(one.amount is not None for one in change.overrides.values())
    freed = len(change.overrides) - fixed
    parts = (
        _count(len(change.terms), "term"),
        "the rules" if change.rules is not None else "",
        "the quantity breaks" if change.breaks is not None else "",
        f"{_count(fixed, 'price')} set by hand" if fixed else "",
        f"{_count(freed, 'price')} given back to the rules" if freed else "",
    )
    text = ", ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def _finish(revision: PriceRevision, price_list: PriceList, change: Change) -> list[int]:
    only = bool(change.overrides) and not (change.terms or change.rules is not None or change.breaks is not None)
    moved = refresh_prices(price_list, variant_ids=list(change.overrides) if only else None, add=_adds(change, only))
    if change.overrides and not only:
        moved = sorted({*moved, *refresh_prices(price_list, variant_ids=_fixed(change), add=True)})
    move(revision, RevisionState.PUBLISHED, counts={"moved": len(moved)})
    return moved


def _adds(change: Change, only: bool) -> bool | None:
    """An override takes its variant into the list; giving it back, or new terms, takes in what the list says of new products."""
    return True if only and len(_fixed(change)) == len(change.overrides) else None


def _fixed(change: Change) -> Iterable[int]:
    return [pk for pk, one in change.overrides.items() if one.amount is not None]


def _publish_unless_taken(revision: PriceRevision) -> int:
    try:
        publish_revision(revision)
    except Conflict:
        return 0
    return 1


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}" if number else ""
