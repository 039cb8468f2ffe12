"""The way from an edit to live prices: at once, through a draft, at a time, or past a second person's eyes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from catalog.models import PriceList, PricePolicy, PriceRevision
from catalog.pricing.change import Change
from catalog.services.previews import Preview, preview_change
from catalog.services.publishing import publish_change, publish_revision
from catalog.services.revisions import approve, draft_change, open_revision, policy_of, schedule, submit
from portal.companies.models import User
from portal.lib import clock


def goes_to_draft(price_list: PriceList, revision: PriceRevision | None = None) -> bool:
    """Whether edits of ``price_list`` wait in a draft: because there is one (``revision``, if read already), or because the company asks for approval."""
    return bool(revision or open_revision(price_list)) or policy_of(price_list.company_id).is_on


def put(price_list: PriceList, change: Change, *, by: User | None) -> PriceRevision | list[int]:
    """Take an edit: into the draft where edits wait (returned), else into force (the variants whose price moved). Raises DomainError for nonsense."""
    if goes_to_draft(price_list):
        return draft_change(price_list, change, by=by)
    return publish_change(price_list, change, by=by)


def reasons_for_approval(policy: PricePolicy, preview: Preview) -> list[str]:
    """Why a second person must look: one sentence a threshold that is passed."""
    reasons = []
    if policy.approve_move is not None and preview.biggest > policy.approve_move:
        reasons.append(f"One price moves {preview.biggest:.1f} %, more than {policy.approve_move} %.")
    if policy.approve_share is not None and preview.share > policy.approve_share:
        reasons.append(f"{preview.share:.0f} % of the prices move, more than {policy.approve_share} %.")
    return reasons


def release(revision: PriceRevision, *, by: User | None, at: datetime | None = None) -> str:
    """Publish an open change now or at ``at`` (aware), or send it to a second person where the company asks for one. Returns the state it came to.

    Raises DomainError for a time that has passed, Conflict where somebody else was faster.
    """
    preview = preview_change(revision.price_list, Change.from_json(revision.change))
    if reasons_for_approval(policy_of(revision.price_list.company_id), preview):
        submit(revision, by=by, at=at)
    elif at:
        schedule(revision, at=at)
    else:
        publish_revision(revision, by=by)
    return revision.state


def approve_and_release(revision: PriceRevision, *, by: User) -> str:
    """A second person's yes: publish now, or at the time that was asked for if it is still to come. Raises NotAllowed for an own change."""
    with transaction.atomic():
        approve(revision, by=by)
    from_now = revision.publish_at
    if from_now and not _has_passed(from_now):
        schedule(revision, at=from_now)
    else:
        publish_revision(revision, by=by)
    return revision.state


def _has_passed(moment: datetime) -> bool:
    return moment <= clock.now()
