"""The loop that stock and prices share: claim many rows, tell only what differs, in the largest batches the channel takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from channels import outbox
from channels.contract import ItemOutcome
from channels.dispatch import go_on
from channels.errors import ChannelError, NeedsReauthorisation
from channels.models import ListingLink, Outbound
from channels.problems import raise_problem
from channels.sync.context import StepContext

BATCH = 2000
# What is told of one listing: its stock, or its price.
Update = TypeVar("Update")


@dataclass(frozen=True, slots=True)
class BulkSend(Generic[Update]):
    """``updates(links)`` gives (link, update) for those that differ from what was told.

    ``send`` hands updates to the channel; ``told`` keeps what was accepted.
    """

    kind: str
    updates: Callable[[StepContext, list[ListingLink]], list[tuple[ListingLink, Update]]]
    send: Callable[[StepContext, list[Update]], Iterable[ItemOutcome]]
    told: Callable[[list[tuple[ListingLink, Update]]], None]


def drain_bulk(context: StepContext, how: BulkSend[Update]) -> None:
    """Tell every waiting figure. Figures are absolute, so an unclear answer is simply sent again."""
    while rows := outbox.claim_many(context.integration.pk, how.kind, most=BATCH):
        context.beat()
        context.count("read", len(rows))
        links = list(
            ListingLink.objects.filter(
                integration=context.integration, listing_id__in=[row.record_id for row in rows]
            ).select_related("listing__variant", "listing__partnership")
        )
        try:
            failed = _tell(context, how, links)
        except ChannelError as error:
            _give_back(rows, error)
            raise
        else:
            _settle(context, rows, failed)
        finally:
            outbox.release_claims(rows)
        if context.time_is_up:
            go_on(context.integration.pk, context.run.step)
            return


def _tell(context: StepContext, how: BulkSend[Update], links: list[ListingLink]) -> dict[int, ChannelError]:
    """Send what differs; the listings that were refused with their errors."""
    pairs = how.updates(context, links)
    context.count("unchanged", len(links) - len(pairs))
    by_place = {(link.remote_product_id, link.remote_id): (link, update) for link, update in pairs}
    accepted: list[tuple[ListingLink, Update]] = []
    failed: dict[int, ChannelError] = {}
    if pairs:
        for outcome in how.send(context, [update for _, update in pairs]):
            link, update = by_place[outcome.remote_product_id, outcome.remote_variant_id]
            if outcome.error is None:
                accepted.append((link, update))
            else:
                failed[link.listing_id] = outcome.error
        how.told(accepted)
    context.count("sent", len(accepted))
    return failed


def _settle(context: StepContext, rows: list[Outbound], failed: dict[int, ChannelError]) -> None:
    outbox.confirm_many([row for row in rows if row.record_id not in failed])
    for row in rows:
        error = failed.get(row.record_id)
        if error is None:
            continue
        outbox.refuse(row, code=error.code, answer=error.message)
        context.count("refused")
        raise_problem(
            context.integration.company_id,
            error.code,
            f"{context.integration.name} did not take a figure: {error.message}",
            integration=context.integration,
            cause_key=f"{error.code}:{row.kind}:{context.integration.pk}:{row.record_id}",
            outbound=row,
            detail=error.detail,
        )


def _give_back(rows: list[Outbound], error: ChannelError) -> None:
    stops = isinstance(error, NeedsReauthorisation)
    for row in rows:
        outbox.postpone(
            row, until=getattr(error, "retry_at", None), code=error.code, answer=error.message, count=not stops
        )
