"""Step: a store's products into our catalogue. A full walk nightly (it finds deletions), else what changed since the cursor, with an overlap."""

from __future__ import annotations

from datetime import datetime, timedelta

from catalog import services as catalog
from channels.contract import Topic
from channels.models import Integration, ProductLink, RunResult
from channels.problems import raise_problem
from channels.sync.context import StepContext, parse_time
from channels.sync.products import take_products
from portal.lib import clock

OVERLAP = timedelta(minutes=10)
FULL_WALK_EVERY = timedelta(hours=23)
# A walk that would hide more than this share of a catalogue (and more than a few) stops and asks.
UNUSUAL_SHARE = 0.2
UNUSUAL_NUMBER = 10


def run(context: StepContext) -> RunResult | None:
    """Pull; returns EMPTY when a store that had products shows none."""
    cursor = context.cursor
    since = parse_time(cursor.get("modified"))
    full_at = parse_time(cursor.get("full_at"))
    if since is None or full_at is None or clock.now() - full_at > FULL_WALK_EVERY or cursor.get("walk_open"):
        return _walk_all(context)
    _walk(context, since=since - OVERLAP)
    return None


def _walk_all(context: StepContext) -> RunResult | None:
    started = clock.now()
    walk = int(context.cursor.get("walk", 0)) + 1
    context.save_cursor(walk=walk, walk_open=True)
    context.show_progress(expected=context.connector.product_count())
    _walk(context, since=None, walk=walk)
    # What is there and cannot be read is not gone.
    unreadable = context.reads.failed[Topic.PRODUCT]
    if "" in unreadable:
        # It does not even tell which product it is, so none can be said to be gone.
        return RunResult.PARTIAL
    gone = [link for link in _gone(context.integration, walk) if link.remote_id not in unreadable]
    if not context.counts.get("read") and gone:
        return RunResult.EMPTY
    if _is_unusual(context, gone):
        return RunResult.PARTIAL
    _hide(context, gone)
    context.save_cursor(full_at=started.isoformat(), walk_open=False, may_hide=0)
    return None


def _walk(context: StepContext, *, since: datetime | None, walk: int | None = None) -> None:
    newest = parse_time(context.cursor.get("modified"))
    for page in context.connector.products(modified_since=since):
        context.beat()
        for what, number in take_products(context.integration, page, walk=walk).items():
            context.count(what, number)
        context.show_progress()
        _note_first(context.integration)
        seen = [product.modified_at for product in page if product.modified_at]
        newest = max([*seen, newest] if newest else seen, default=None)
    context.save_cursor(modified=(newest or clock.now() - OVERLAP).isoformat())


def _note_first(integration: Integration) -> None:
    if integration.first_products_at is None:
        integration.first_products_at = clock.now()
        Integration.objects.filter(pk=integration.pk).update(first_products_at=integration.first_products_at)


def _gone(integration: Integration, walk: int) -> list[ProductLink]:
    """Links of active products that this full walk did not see."""
    return list(
        ProductLink.objects.filter(integration=integration, product__is_active=True)
        .exclude(walk=walk)
        .only("product_id", "remote_id")
    )


def _is_unusual(context: StepContext, gone: list[ProductLink]) -> bool:
    """Whether so much would vanish that the likely cause is an error at their end; then nothing is hidden and a person is asked."""
    total = ProductLink.objects.filter(integration=context.integration, product__is_active=True).count()
    if len(gone) <= max(UNUSUAL_NUMBER, UNUSUAL_SHARE * total, int(context.cursor.get("may_hide", 0))):
        return False
    raise_problem(
        context.integration.company_id,
        "mass_change",
        f"{context.integration.name} no longer shows {len(gone)} of {total} products. We keep them until you say that this is right.",
        integration=context.integration,
        record=context.integration,
        cause_key=f"mass_change:{context.integration.pk}",
    )
    return True


def _hide(context: StepContext, gone: list[ProductLink]) -> None:
    if gone:
        catalog.deactivate_products(context.company, [link.product_id for link in gone])
        ProductLink.objects.filter(pk__in=[link.pk for link in gone]).update(digest="")
        context.count("updated", len(gone))
