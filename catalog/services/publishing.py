"""Putting a change into force: all its prices at one moment, the list with them, and a revision that keeps what was before.

A small change is one transaction. A large one is staged first (``staging``), then switched, then told to partners' stores; each of the three goes on where
it was when the process is killed: before the switch everybody sees the old prices, after it everybody sees the new ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from catalog.models import PriceList, PriceRevision, RevisionState, Variant
from catalog.pricing.change import Change
from catalog.services import staging
from catalog.services.applying import apply_change, check_change
from catalog.services.locks import lock_catalogue
from catalog.services.prices import refresh_prices
from catalog.services.revisions import move
from portal.companies.models import User
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError

# Who publishes holds the revision for so long and renews that with every part; past it, the publish was cut and another process goes on.
HOLD = timedelta(seconds=90)
# So many prices are worked out and written in one transaction without keeping anybody waiting.
AT_ONCE = 500
# How often what changed meanwhile is staged anew before the rest is worked out inside the switch.
ROUNDS = 3


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
    check_change(price_list, change)
    revision = PriceRevision(
        price_list=price_list,
        state=RevisionState.PUBLISHING,
        change=change.to_json(),
        sentence=sentence[:300] or said(change),
        created_by=by,
        undoes=undoes,
        held_until=clock.now() + HOLD,
    )
    try:
        return _publish(revision, price_list, change, by=by)
    except DomainError:
        _ours(revision).delete()
        raise


def publish_revision(revision: PriceRevision, *, by: User | None = None) -> list[int]:
    """Put an open revision into force. Returns the variants whose price moved; Conflict for one that is open no longer. Safe to run twice: one of two
    publishes. Where the change makes no sense any more, DomainError is raised and the revision is as open as it was."""
    price_list = PriceList.objects.get(pk=revision.price_list_id)
    change, opened = Change.from_json(revision.change), revision.state
    with transaction.atomic():
        move(revision, RevisionState.PUBLISHING, held_until=clock.now() + HOLD)
        revision.sentence = revision.sentence or said(change)
        revision.save(update_fields=("sentence",))
    try:
        return _publish(revision, price_list, change, by=by or revision.created_by)
    except DomainError:
        _open_again(revision, opened)
        raise


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
    """Go on with the publishes whose process was killed. Returns how many there were."""
    return sum(_go_on(revision) for revision in _cut().select_related("price_list", "created_by"))


def _due() -> QuerySet[PriceRevision]:
    return PriceRevision.objects.filter(state=RevisionState.SCHEDULED, publish_at__lte=clock.now())


def _cut() -> QuerySet[PriceRevision]:
    left = Q(held_until__isnull=True) | Q(held_until__lt=clock.now())
    return PriceRevision.objects.filter(left, state=RevisionState.PUBLISHING)


def said(change: Change) -> str:
    """A change in a few words: ``2 terms, the rules, 3 prices set by hand``; ``No change`` where nothing is left of it."""
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
    return text[:1].upper() + text[1:] if text else "No change"


def _publish(revision: PriceRevision, price_list: PriceList, change: Change, *, by: User | None) -> list[int]:
    """Small changes at once, large ones in their three parts. Inside a transaction of the caller's everything is at once."""
    if connection.in_atomic_block or _is_small(price_list, change):
        return _publish_at_once(revision, price_list, change, by=by)
    if revision.pk is None:
        revision.save()
    moved = _switch(revision, price_list, change, by=by, staged_since=_stage(revision, change))
    return sorted({*moved, *_tell(revision, price_list)})


def _publish_at_once(revision: PriceRevision, price_list: PriceList, change: Change, *, by: User | None) -> list[int]:
    """The list, its prices and what stores are told, in one transaction."""
    with transaction.atomic():
        _write_list(revision, price_list, change, by=by)
        moved = refresh_prices(price_list, variant_ids=_concerned(change))
        move(revision, RevisionState.PUBLISHED, counts={"moved": len(moved)}, held_until=None)
    return moved


def _stage(revision: PriceRevision, change: Change) -> datetime:
    """Work all prices out; then again those of goods that changed meanwhile, until few are left. Returns since when changes were not seen."""
    ids = _concerned(change)
    for _ in range(ROUNDS):
        began = clock.now()
        for _ in staging.stage(revision, change, ids):
            _hold(revision)
        ids = _late(revision, change, began)
        if ids is not None and len(ids) <= AT_ONCE:
            break
    return began


def _switch(
    revision: PriceRevision, price_list: PriceList, change: Change, *, by: User | None, staged_since: datetime
) -> list[int]:
    """The moment: the list and all its prices change in one transaction. Returns the variants that were worked out only here, and moved."""
    _hold(revision)
    with transaction.atomic():
        _check_held(revision)
        late = _late(revision, change, staged_since)
        moment = _write_list(revision, price_list, change, by=by)
        staging.forget(revision, late)
        staging.switch(revision, price_list, at=moment)
        moved = refresh_prices(price_list, variant_ids=late, at=moment)
        revision.counts = {"moved": len(moved) + revision.staged.filter(is_moved=True).count()}
        revision.save(update_fields=("counts",))
    return moved


def _tell(revision: PriceRevision, price_list: PriceList) -> list[int]:
    """Let listings and stores know, part by part; then the publish is over. Returns the variants that moved."""
    told: list[int] = []
    while (moved := staging.tell_some(revision, price_list)) is not None:
        told += moved
        _hold(revision)
    move(revision, RevisionState.PUBLISHED, held_until=None)
    return told


def _go_on(revision: PriceRevision) -> int:
    """Take up a publish that was cut: from its beginning before the switch, with what is left to tell after it. Returns 1, or 0 where another was faster."""
    try:
        _hold(revision)
        if revision.published_at is None:
            _publish(revision, revision.price_list, Change.from_json(revision.change), by=revision.created_by)
        else:
            _tell(revision, revision.price_list)
    except Conflict:
        return 0
    except DomainError:
        _open_again(revision, RevisionState.DRAFT)
    return 1


def _write_list(revision: PriceRevision, price_list: PriceList, change: Change, *, by: User | None) -> datetime:
    """Write ``change`` into the list as it stands now, with what takes it back and when; returns when. In the caller's transaction."""
    lock_catalogue(price_list.company_id)
    price_list.refresh_from_db()
    revision.before = apply_change(price_list, change, by=by).to_json()
    revision.published_at = moment = clock.now()
    revision.save()
    return moment


def _hold(revision: PriceRevision) -> None:
    """Keep the publish to this process. Raises Conflict where another took it up."""
    until = clock.now() + HOLD
    rows = PriceRevision.objects.filter(pk=revision.pk, state=RevisionState.PUBLISHING, held_until=revision.held_until)
    if not rows.update(held_until=until):
        raise Conflict("This change is being published already. Wait a moment, then reload the page.")
    revision.held_until = until


def _check_held(revision: PriceRevision) -> None:
    """Lock the revision and raise Conflict where another took it up. Changes nothing, so that a rollback leaves nothing to take back."""
    if _ours(revision).select_for_update().first() is None:
        raise Conflict("This change is being published already. Wait a moment, then reload the page.")


def _open_again(revision: PriceRevision, state: str) -> None:
    """Back to what it was before the publish that could not be; dropped, where somebody began another draft meanwhile."""
    try:
        with transaction.atomic():
            opened = _ours(revision).update(state=state, held_until=None)
    except IntegrityError:
        opened = _ours(revision).update(state=RevisionState.DROPPED, held_until=None)
    if opened:
        staging.forget(revision, None)


def _ours(revision: PriceRevision) -> QuerySet[PriceRevision]:
    """The revision, while it is not in force yet and nobody else took its publish up."""
    return PriceRevision.objects.filter(
        pk=revision.pk, state=RevisionState.PUBLISHING, published_at=None, held_until=revision.held_until
    )


def _is_small(price_list: PriceList, change: Change) -> bool:
    ids = _concerned(change)
    if ids is not None:
        return len(ids) <= AT_ONCE
    return Variant.objects.filter(company=price_list.company_id)[: AT_ONCE + 1].count() <= AT_ONCE


def _concerned(change: Change) -> list[int] | None:
    """The variants whose price the change may move; None: all."""
    is_narrow = change.overrides and not (change.terms or change.rules is not None or change.breaks is not None)
    return list(change.overrides) if is_narrow else None


def _late(revision: PriceRevision, change: Change, since: datetime) -> list[int] | None:
    """The variants that must be worked out once more, because something of them changed from ``since`` on; None: all that the change concerns."""
    if staging.is_list_changed(revision, since=since):
        return _concerned(change)
    among = _concerned(change)
    touched = staging.touched(revision, since=since)
    return touched if among is None else sorted(set(touched) & set(among))


def _publish_unless_taken(revision: PriceRevision) -> int:
    try:
        publish_revision(revision)
    except Conflict:
        return 0
    return 1


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}" if number else ""
