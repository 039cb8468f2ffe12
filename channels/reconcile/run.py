"""One reconciliation from its first page to its statement. Run twice, the second finds the same rows and writes none anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max

from channels.errors import ChannelError
from channels.meanings import StatusTable
from channels.models import Integration, RunResult, SyncRun
from channels.models.reconcile import Book, Difference, DifferenceState, Reconciliation, ReconciliationResult
from channels.problems import raise_problem, resolve
from channels.reconcile.entries import Reading
from channels.reconcile.ledger import Ledger
from channels.reconcile.walks import Walk, walks_of
from channels.steps import STEPS
from channels.sync.context import StepContext
from portal.companies.models import Installation
from portal.lib import clock

Result = ReconciliationResult
PULLS = ("pull_orders", "pull_shipments", "pull_products", "pull_stock")
# A pull that did not end well for so many intervals brings nothing by itself.
OVERDUE = 2


def reconcile(context: StepContext) -> RunResult | None:
    """Compare every book of the integration. Raises ChannelError, LeaseLost; what was found before stays."""
    before = last_finished(context.integration)
    reconciliation = _open(context)
    try:
        ledgers = _compare(context, reconciliation, before)
    except ChannelError as error:
        _close(reconciliation, Result.UNFINISHED, sentence=f"Not finished: {error.message}"[:400])
        raise
    statements = _finish(context, ledgers, before)
    _close_gone(ledgers)
    _close(reconciliation, _result_of(ledgers), books=statements, ledgers=ledgers)
    tell_problems(context.integration)
    return None


def last_finished(integration: Integration) -> Reconciliation | None:
    """The newest reconciliation that read everything."""
    rows = Reconciliation.objects.filter(integration=integration, result__in=(Result.AGREES, Result.DIFFERS))
    return rows.order_by("-started_at", "-pk").first()


def _open(context: StepContext) -> Reconciliation:
    """A new one; we hold the lease, so an earlier one that still says that it runs belongs to a worker that is gone."""
    running = Reconciliation.objects.filter(integration=context.integration, result=Result.RUNNING)
    running.update(result=Result.UNFINISHED, finished_at=clock.now(), sentence="Its worker ended before it was done.")
    return Reconciliation.objects.create(integration=context.integration, trigger=context.run.trigger)


def _compare(context: StepContext, reconciliation: Reconciliation, before: Reconciliation | None) -> list[Ledger]:
    reading = Reading(
        integration=context.integration,
        connector=context.connector,
        began=reconciliation.started_at,
        previous=before.started_at if before else None,
        tag=f"TL{Installation.current_tag()}-",
        statuses=StatusTable.of(context.integration),
        pulled=_pulled(context.integration),
        earlier=before.books if before else {},
    )
    ledgers: list[Ledger] = []
    for walk in walks_of(reading):
        fresh = [Ledger(reconciliation, book) for book in walk.books]
        ledgers += fresh
        _walk(context, walk, fresh, everything=ledgers)
    return ledgers


def _pulled(integration: Integration) -> dict[str, datetime]:
    """When each pull of a store without webhooks began last, as far as it is not overdue; {} where webhooks reach us."""
    if integration.hooks_seen_at:
        return {}
    runs = SyncRun.objects.filter(integration=integration, step__in=PULLS, result=RunResult.OK)
    last = dict(runs.order_by().values("step").annotate(last=Max("started_at")).values_list("step", "last"))
    return {step: at for step, at in last.items() if clock.now() - at < OVERDUE * STEPS[step].interval}


def _walk(context: StepContext, walk: Walk, ledgers: list[Ledger], *, everything: list[Ledger]) -> None:
    for page in walk.pages():
        context.beat()
        for ledger in ledgers:
            ledger.take(ledger.book.compare(page))
        _show(context, everything)
    for ledger in ledgers:
        for pairs in ledger.book.rest():
            context.beat()
            ledger.take(pairs)
    _show(context, everything)


def _show(context: StepContext, ledgers: Iterable[Ledger]) -> None:
    """Let people watch how many records were compared."""
    context.counts["read"] = sum(ledger.book.compared for ledger in ledgers)
    context.show_progress()


def _finish(context: StepContext, ledgers: Iterable[Ledger], before: Reconciliation | None) -> dict[str, Any]:
    statements = {}
    for ledger in ledgers:
        context.beat()
        since = before.started_at if before else None
        statements[ledger.book.code] = ledger.finish(before.books if before else {}, since)
    return statements


def _close_gone(ledgers: Iterable[Ledger]) -> None:
    """A book that two ledgers fill is closed only where both were read whole."""
    broken = {ledger.book.name for ledger in ledgers if not ledger.book.is_whole}
    for name, keeper in {ledger.book.name: ledger.keeper for ledger in ledgers}.items():
        if name not in broken:
            keeper.close_gone()


def _result_of(ledgers: Iterable[Ledger]) -> Result:
    return Result.DIFFERS if any(ledger.differences for ledger in ledgers) else Result.AGREES


def _close(
    reconciliation: Reconciliation,
    result: Result,
    *,
    sentence: str = "",
    books: dict[str, Any] | None = None,
    ledgers: Iterable[Ledger] = (),
) -> None:
    ledgers = list(ledgers)
    Reconciliation.objects.filter(pk=reconciliation.pk).update(
        result=result,
        finished_at=clock.now(),
        sentence=sentence,
        books=books or {},
        compared=sum(ledger.book.compared for ledger in ledgers),
        differences=sum(ledger.differences for ledger in ledgers),
        on_the_way=sum(ledger.on_the_way for ledger in ledgers),
    )


def tell_problems(integration: Integration) -> None:
    """One problem a book that has open differences; cleared where none is left."""
    open_rows = Difference.objects.filter(integration=integration, state=DifferenceState.OPEN)
    for book in Book:
        number = open_rows.filter(book=book).count()
        cause_key = f"books_differ:{integration.pk}:{book.value}"
        if not number:
            resolve(company_id=integration.company_id, cause_key=cause_key, resolution="The books agree.")
            continue
        raise_problem(
            integration.company_id,
            "books_differ",
            f"{integration.name} and the portal differ in {book.label.lower()}: {number:,} record{'s' if number > 1 else ''}.",
            integration=integration,
            record=integration,
            record_name=integration.name,
            cause_key=cause_key,
        )
