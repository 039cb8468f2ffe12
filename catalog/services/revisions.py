"""The life of a change that is not in force yet: drafted, sent for approval, scheduled, dropped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from catalog.models import PriceList, PricePolicy, PriceRevision, RevisionState
from catalog.models.revision import MOVES, OPEN
from catalog.pricing.change import Change
from catalog.services.applying import check_change, overrides_in_force, with_terms
from catalog.services.locks import lock_draft
from portal.companies.models import Company, User
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError, InvalidMove, NotAllowed


def open_revision(price_list: PriceList) -> PriceRevision | None:
    """The change of ``price_list`` that is not in force yet, if there is one."""
    rows = PriceRevision.objects.filter(price_list=price_list, state__in=OPEN)
    return rows.select_related("created_by", "submitted_by", "approved_by").first()


def working_list(price_list: PriceList) -> PriceList:
    """``price_list`` with the terms of its draft, not to be saved."""
    revision = open_revision(price_list)
    terms = Change.from_json(revision.change).terms if revision else {}
    return with_terms(PriceList.objects.get(pk=price_list.pk), terms)


def draft_change(price_list: PriceList, change: Change, *, by: User | None = None) -> PriceRevision:
    """Add ``change`` to the draft of ``price_list``, which begins with it if there is none. Live prices stay as they are. What the list has already is no
    change of an override, and leaves the draft. A change that waits for approval or its time goes back to being a draft. Raises DomainError for what makes
    no sense."""
    check_change(price_list, change)
    with transaction.atomic():
        revision = lock_draft(price_list) or _begin(price_list, by)
        whole = Change.from_json(revision.change).then(change)
        whole = whole.without(overrides_in_force(price_list, change.overrides))
        check_change(price_list, whole)
        PriceRevision.objects.filter(pk=revision.pk).update(
            change=whole.to_json(),
            edits=F("edits") + 1,
            state=RevisionState.DRAFT,
            publish_at=None,
            approved_by=None,
            approved_at=None,
        )
    revision.refresh_from_db()
    return revision


def drop_draft(revision: PriceRevision) -> None:
    """Throw an open change away. Raises InvalidMove for one that is open no longer."""
    move(revision, RevisionState.DROPPED)


def schedule(revision: PriceRevision, *, at: datetime) -> None:
    """Let the change go live by itself at ``at`` (aware). Raises DomainError for a time that has passed."""
    if at <= clock.now():
        raise DomainError("This time has passed. Choose a later one, or publish now.", field="publish_at")
    move(revision, RevisionState.SCHEDULED, publish_at=at)


def submit(revision: PriceRevision, *, by: User | None, at: datetime | None = None) -> None:
    """Send the change to a second person; approved, it is published at once, or at ``at``."""
    move(revision, RevisionState.WAITING, submitted_by=by, submitted_at=clock.now(), publish_at=at)


def approve(revision: PriceRevision, *, by: User) -> None:
    """Note the second person's yes; publishing follows. Raises NotAllowed for who drafted or sent the change."""
    if revision.state != RevisionState.WAITING:
        raise InvalidMove("This change does not wait for approval. Reload the page.")
    if by.pk in {revision.submitted_by_id, revision.created_by_id}:
        raise NotAllowed("Somebody else must approve your own change. Ask a colleague who may change price lists.")
    now = clock.now()
    PriceRevision.objects.filter(pk=revision.pk).update(approved_by=by, approved_at=now)
    revision.approved_by, revision.approved_at = by, now


def policy_of(company: Company | int) -> PricePolicy:
    """When ``company`` wants a second person; an empty policy where nothing was said."""
    pk = company if isinstance(company, int) else company.pk
    return PricePolicy.objects.filter(company_id=pk).first() or PricePolicy(company_id=pk)


def set_policy(company: Company, *, share: int | None, move_percent: int | None) -> PricePolicy:
    """Ask for a second person above ``share`` percent of prices moved, or where one moves by more than ``move_percent``; None never asks."""
    for field, value in (("approve_share", share), ("approve_move", move_percent)):
        if value is not None and not 0 <= value <= 1000:
            raise DomainError("Type a percentage from 0 to 1,000, or leave it empty.", field=field)
    values = {"approve_share": share, "approve_move": move_percent}
    return PricePolicy.objects.update_or_create(company=company, defaults=values)[0]


def move(revision: PriceRevision, state: str, **fields: Any) -> None:
    """Take ``revision`` to ``state`` in one conditional update; Conflict where another did so meanwhile or the table of moves does not know it."""
    before = [one for one, after in MOVES.items() if state in after]
    if not PriceRevision.objects.filter(pk=revision.pk, state__in=before).update(state=state, **fields):
        raise Conflict("Somebody else published, changed or dropped this meanwhile. Reload the page.")
    for name, value in {"state": state, **fields}.items():
        setattr(revision, name, value)


def _begin(price_list: PriceList, by: User | None) -> PriceRevision:
    try:
        with transaction.atomic():
            return PriceRevision.objects.create(price_list=price_list, created_by=by)
    except IntegrityError as error:
        raise Conflict("Somebody else began a draft of this list meanwhile. Reload the page.") from error
