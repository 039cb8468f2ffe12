"""The books of an integration on screen: the statement, the differences, and what is chosen for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from channels import services
from channels.causes import Owner
from channels.models import Difference, Integration
from channels.models.reconcile import Book, DifferenceState, Side
from channels.reconcile.choose import choice_for, choose, choose_many
from channels.reconcile.differences import KINDS, kind_of
from channels.reconcile.run import last_finished
from channels.reconcile.shown import books_of, history_of, progress_of
from channels.views.detail import frame, with_integration
from orders.data import Actor
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError
from portal.ui.lists import BulkAction, ChoiceFilter, Column, Empty, ListView, PeriodFilter, Tab
from portal.ui.looks import FINE, QUIET, STUCK, Look

State = DifferenceState
_LOOKS: dict[str, Look] = {
    State.OPEN: STUCK.named("Open"),
    State.CHOSEN: QUIET.named("Chosen"),
    State.GONE: FINE.named("Agrees now"),
}


@with_integration(Can.VIEW, removed=True)
@require_GET
def books(request: HttpRequest, integration: Integration) -> HttpResponse:
    """The statement: what is to be done, every book on both sides, the last nights."""
    last = last_finished(integration)
    open_rows = Difference.objects.filter(integration=integration, state=State.OPEN)
    context = frame(
        request,
        integration,
        "books",
        last=last,
        books=books_of(last, currency=integration.currency) if last else [],
        history=history_of(integration),
        progress=progress_of(integration),
        open_number=open_rows.count(),
        can_reconcile=integration.is_live and not integration.needs_person,
    )
    context["help_slug"] = "books"
    return render(request, "channels/reconcile/books.html", context)


@with_integration(Can.VIEW, removed=True)
@require_GET
def progress(request: HttpRequest, integration: Integration) -> HttpResponse:
    """How far a running comparison is; the page is loaded anew when it ended."""
    going = progress_of(integration)
    answer = render(request, "channels/reconcile/progress.html", {"integration": integration, "progress": going})
    if going is None:
        answer["HX-Refresh"] = "true"
    return answer


@with_integration(Can.INTEGRATIONS)
@require_POST
def reconcile_now(request: HttpRequest, integration: Integration) -> HttpResponse:
    """Compare now instead of tonight."""
    try:
        queued = services.sync_now(integration, "reconcile", by=request.user)
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        words = "are being compared now" if queued else "are being compared already"
        messages.success(request, f"The books of {integration.name} {words}.")
    return redirect("integration-books", integration.pk)


def run_choice(side: str) -> Callable[[ListView, QuerySet[Difference]], str]:
    """A bulk action that chooses ``side`` for the chosen rows."""

    def run(view: ListView, rows: QuerySet[Difference]) -> str:
        done, refused = choose_many(
            rows.select_related("integration"), side, actor=Actor.of(view.request.scope), by=view.request.user
        )
        if not done and refused:
            raise DomainError(refused[0])
        words = f"{Side(side).label} was chosen for {done:,} difference{'' if done == 1 else 's'}."
        return f"{words} {len(refused):,} could not be: {refused[0]}" if refused else words

    return run


def who_acts(row: Difference) -> str:
    """Who must act, as the integration's own company reads it."""
    return {Owner.STAFF: "We", Owner.NOBODY: "Nobody"}.get(kind_of(row.kind).owner, "You")


def what(row: Difference) -> str:
    return kind_of(row.kind).title


def cause(row: Difference) -> str:
    return row.answer if row.state == State.CHOSEN else kind_of(row.kind).cause


class DifferenceList(ListView):
    """The records of one integration on which the sides disagree."""

    name, title, permission, model = "differences", "Differences", Can.VIEW, Difference
    template = "channels/reconcile/differences.html"
    help_slug = "books"
    order = "-last_seen_at"
    columns = (
        Column("name", "Record", sort="name", place="1l", extra_class="wide", sub="get_book_display"),
        Column("what", "What happened", value=what, sub=cause, export=what, place="2l", extra_class="why"),
        Column("ours", "Ours", place="3l", extra_class="ours", value=lambda row: row.ours or "not here"),
        Column("theirs", "Store", place="3r", extra_class="theirs", value=lambda row: row.theirs or "not there"),
        Column("who", "Who acts", value=who_acts, hide="lg"),
        Column("state", "State", kind="state", looks=_LOOKS, hide="md"),
        Column("value", "At stake", kind="money", shown=False),
        Column("first_seen_at", "Since", kind="time", hide="lg"),
        Column("last_seen_at", "Last seen", kind="time", sort="last_seen_at", newest_first=True, shown=False),
        Column("choice", "Choose", cell="channels/reconcile/choice.html", export="get_choice_display", place="4l"),
    )
    tabs = (
        Tab("open", "Open", Q(state=State.OPEN), tone="bad"),
        Tab("chosen", "Chosen", Q(state=State.CHOSEN)),
        Tab("gone", "Agree now", Q(state=State.GONE), counted=False),
        Tab("all", "All", counted=False),
    )
    search, search_hint = ("name__icontains",), "Order, SKU, name"
    filters = (
        ChoiceFilter("book", "Book", Book.choices),
        ChoiceFilter("kind", "What happened", lambda view: view.kinds()),
        PeriodFilter("since", "Since", field="first_seen_at"),
    )
    actions = (
        BulkAction(
            "ours",
            "Ours holds",
            run=run_choice(Side.OURS),
            permission=Can.ORDERS,
            icon="send",
            consequence="Our figures are sent to the store where they can be; what was placed or cannot be sent is written down.",
        ),
        BulkAction(
            "theirs",
            "The store's holds",
            run=run_choice(Side.THEIRS),
            permission=Can.ORDERS,
            icon="download",
            consequence="The store's figures are taken in where they can be. Orders that were sent on are never changed: for them it is written down.",
        ),
    )
    empty = Empty(
        "circle-check",
        "Books agree",
        "Both sides are compared every night. A record on which they differ would stand here, with its cause and a choice.",
    )

    @cached_property
    def integration(self) -> Integration:
        return get_object_or_404(self.request.scope.rows(Integration), pk=self.kwargs["pk"])

    def rows(self) -> QuerySet[Difference]:
        return self.request.scope.rows(Difference).filter(integration=self.integration).select_related("chosen_by")

    def kinds(self) -> list[tuple[str, str]]:
        """The kinds that are open here now, with the book where a title stands for several."""
        found = Difference.objects.filter(integration=self.integration).exclude(state=State.GONE)
        pairs = found.order_by().values_list("book", "kind").distinct()
        return [(kind, f"{Book(book).label}: {KINDS[kind].title.lower()}") for book, kind in pairs if kind in KINDS]

    def lines(self) -> list[Any]:
        may = self.request.scope.can(Can.ORDERS)
        for row in self.page.rows:
            row.offers = offers_of(row) if may else []
        return super().lines()

    def extra(self) -> dict[str, Any]:
        context = frame(self.request, self.integration, "books")
        return context | {"title": f"Differences of {self.integration.name}", "help_slug": self.help_slug}


def offers_of(row: Difference) -> list[tuple[str, Any]]:
    """(side, choice) for each way out that is left."""
    if row.state == State.GONE:
        return []
    offers = [(side.value, choice_for(row, side.value)) for side in Side]
    return [(side, choice) for side, choice in offers if choice and row.choice != side]


@require_POST
@requires(Can.ORDERS)
def choose_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a side for one difference."""
    difference = get_object_or_404(request.scope.rows(Difference).select_related("integration"), pk=pk)
    try:
        answer = choose(difference, request.POST.get("side", ""), actor=Actor.of(request.scope), by=request.user)
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, answer)
    return redirect(_back(request, difference))


def _back(request: HttpRequest, difference: Difference) -> str:
    """The list as it was: with its filters and its page."""
    page = reverse("integration-differences", args=[difference.integration_id])
    came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    return f"{page}?{came_from.query}" if came_from.path == page and came_from.query else page
