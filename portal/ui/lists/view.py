"""The list view: one declaration a list, everything else here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from portal.companies.guard import Guarded
from portal.companies.permissions import Can
from portal.companies.scope import Scoped
from portal.lib.errors import DomainError
from portal.ui.lists import export, saved
from portal.ui.lists.actions import BulkAction
from portal.ui.lists.address import Address
from portal.ui.lists.columns import Column
from portal.ui.lists.counting import Bounded, count
from portal.ui.lists.filters import Filter, narrow
from portal.ui.lists.paging import Cursor, Order, Page, read_page
from portal.ui.lists.parts import Empty, Tab
from portal.ui.lists.shown import Chip, Head, Line, ShownTab, chips_of, heads_of, tabs_of, total_of
from portal.ui.navigation import place

# The parameter of ``counts_url``.
COUNTS = "counts"


class ListView(Guarded):
    """Subclass it and say what the list is; ``README.md`` beside this file has an example.

    The rows always start at ``request.scope.rows(self.model)``. A page costs: the rows, one bounded count, one bounded count a counted tab, the saved
    views; nothing grows with the table.
    """

    name: ClassVar[str]
    permission: Can = Can.VIEW
    model: ClassVar[type[Scoped]]
    columns: ClassVar[Sequence[Column]]
    search: ClassVar[Sequence[str]] = ()
    search_hint: ClassVar[str] = "Search"
    filters: ClassVar[Sequence[Filter]] = ()
    actions: ClassVar[Sequence[BulkAction]] = ()
    order: ClassVar[str] = "-pk"
    page_size: ClassVar[int] = 50
    template: ClassVar[str] = "ui/list/page.html"
    # What draws the rows; a list of cards or an editable grid brings its own.
    table_template: ClassVar[str] = "ui/list/table.html"
    help_slug: ClassVar[str] = ""
    # The item of the navigation that this page belongs to, where its address does not say so.
    place: ClassVar[str] = ""
    # Where an action that was just run can be taken back; the action says so.
    undo_url: str = ""
    # Whether tabs of a long list get their numbers after the page is there: their rows are few among many, and counting them means looking at all.
    late_counts: ClassVar[bool] = False

    # --- what a list may override --------------------------------------------------------------------------------

    # What never changes in a list is an attribute of its class instead.

    @property
    def title(self) -> str:
        raise NotImplementedError

    @property
    def tabs(self) -> Sequence[Tab]:
        """The tabs over the list; the first one is chosen."""
        return ()

    @property
    def empty(self) -> Empty:
        """What stands there while the list has no rows."""
        return Empty()

    @property
    def newer_word(self) -> str:
        """What leads to the page before."""
        return "Newer"

    @property
    def older_word(self) -> str:
        """What leads to the next page."""
        return "Older"

    def rows(self) -> QuerySet:
        """The rows before search and filters, with what the cells need (select_related, prefetch_related, annotations)."""
        return self.request.scope.rows(self.model)

    def searched(self, rows: QuerySet, text: str) -> QuerySet:
        """``rows`` in which one of ``search`` matches. Override for related rows: use Exists, never a join that doubles rows."""
        condition = Q()
        for lookup in self.search:
            condition |= Q(**{lookup if "__" in lookup else f"{lookup}__icontains": text})
        return rows.filter(condition)

    def extra(self) -> dict[str, Any]:
        """More context for the template (a header action, a banner)."""
        return {}

    def row_class(self, row: Any) -> str:
        """CSS classes of a row, such as "tall"."""
        return ""

    # --- requests -------------------------------------------------------------------------------------------------

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        make = export.FORMATS.get(request.GET.get("export", ""))
        if make:
            columns = [column for column in self.shown_columns if column.export is not False]
            return make(self.name, self.order_by.apply(self.found, backwards=False), columns)
        if COUNTS in request.GET:
            return render(request, "ui/list/tabs.html", self.tabs_context())
        if "cols" in request.GET:
            saved.remember_columns(request, self.name, request.GET.getlist("cols"))
        body_only = getattr(request, "htmx", None) and request.htmx.target == "list"
        return render(request, "ui/list/list.html" if body_only else self.template, self.context())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        asked = request.POST.get("action", "")
        if asked == "save-view":
            messages.success(request, saved.save_view(request, self.name, self.address, self.shown_keys))
        elif asked == "drop-view":
            messages.success(request, saved.drop_view(request, self.name, request.POST.get("view", "")))
        elif action := next((item for item in self.actions if item.key == asked), None):
            self._run(action)
        return HttpResponseRedirect(self.address.with_())

    def _run(self, action: BulkAction) -> None:
        if not self.request.scope.can(action.permission):
            raise PermissionDenied(f"Your role may not {action.permission.label}.")
        chosen = self.request.POST.getlist("row")
        rows = (
            self.found if self.request.POST.get("all") == "1" else self.found.filter(pk__in=_keys(self.model, chosen))
        )
        try:
            said = action.run(self, rows)
            messages.success(self.request, said, extra_tags=f"undo:{self.undo_url}" if self.undo_url else "")
        except DomainError as error:
            messages.error(self.request, error.sentence)

    # --- the pieces that the templates read -----------------------------------------------------------------------

    @cached_property
    def address(self) -> Address:
        return Address(self.request.path, self.request.GET)

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        return self.address.chosen(item.key for item in self.filters)

    @cached_property
    def tab(self) -> Tab | None:
        asked = self.request.GET.get("tab", "")
        return next((tab for tab in self.tabs if tab.key == asked), self.tabs[0] if self.tabs else None)

    @cached_property
    def without_tab(self) -> QuerySet:
        """Rows under the search and the filters, over all tabs."""
        rows = self.rows()
        if self.address.q:
            rows = self.searched(rows, self.address.q)
        return narrow(rows, self.filters, self.chosen, self)

    @cached_property
    def found(self) -> QuerySet:
        """Rows that the list shows over all its pages."""
        return self.without_tab.filter(self.tab.where) if self.tab else self.without_tab

    @cached_property
    def order_by(self) -> Order:
        asked = self.request.GET.get("sort", "")
        known = {column.key: column.sort for column in self.columns if column.sort}
        field = known.get(asked.removeprefix("-"))
        text = f"{'-' if asked.startswith('-') else ''}{field}" if field else self.order
        return Order(text.removeprefix("-"), text.startswith("-"))

    @cached_property
    def page(self) -> Page:
        text = self.request.GET.get("at", "")
        cursor = Cursor.parse(text, self.found) if text else None
        return read_page(self.found, self.order_by, cursor=cursor, size=self.page_size)

    @cached_property
    def total(self) -> Bounded:
        """How many rows the list holds; read from the page where that is all there is."""
        if not self.page.newer and not self.page.older:
            return Bounded(len(self.page.rows))
        return count(lambda: self.found, known_as=self.count_name())

    def count_name(self, tab: Tab | None = None) -> str:
        """Under which a count of this list's rows under its search and filters is remembered; its order and page make no difference."""
        shown = tab or self.tab
        narrowed = self.address.with_(sort=None, cols=None, tab=shown.key if shown else None)
        digest = sha256(narrowed.encode()).hexdigest()[:32]
        return f"many:{self.request.scope.company.pk}:{self.name}:{digest}"

    @cached_property
    def shown_keys(self) -> list[str]:
        known = {column.key for column in self.columns}
        asked = self.request.GET.getlist("cols") or saved.remembered_columns(self.request, self.name)
        return [key for key in asked if key in known] or [column.key for column in self.columns if column.shown]

    @cached_property
    def shown_columns(self) -> list[Column]:
        """The chosen columns in the list's own order; the linking column cannot be hidden."""
        return [column for column in self.columns if column.key in self.shown_keys or column.link]

    @cached_property
    def allowed_actions(self) -> list[BulkAction]:
        return [action for action in self.actions if self.request.scope.can(action.permission)]

    @cached_property
    def is_narrowed(self) -> bool:
        """Whether somebody asked for less than everything."""
        first = self.tabs[0] if self.tabs else None
        return bool(self.address.q or self.chosen or (self.tab is not first))

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the filter and column forms carry along; each leaves out its own key."""
        return self.address.kept()

    @property
    def newer_url(self) -> str:
        return self.address.at(self.page.newer)

    @property
    def older_url(self) -> str:
        return self.address.at(self.page.older)

    @property
    def export_csv(self) -> str:
        return self.address.with_(export="csv")

    @property
    def export_xlsx(self) -> str:
        return self.address.with_(export="xlsx")

    def context(self) -> dict[str, Any]:
        """Everything the templates read; cards have no heads, so these are made when they are asked for."""
        place(self.request, self.place)
        return {
            "view": self,
            "title": self.title,
            "help_slug": self.help_slug,
            "heads": SimpleLazyObject(self.heads),
            "lines": self.lines(),
            "chips": self.chips(),
            **self.tabs_context(),
            **self.extra(),
        }

    def tabs_context(self) -> dict[str, Any]:
        """What the row of tabs reads."""
        return {
            "view": self,
            "shown_tabs": self.shown_tabs(),
            "saved_views": saved.views_of(self.request, self.name),
        }

    @cached_property
    def counts_url(self) -> str:
        """Where the tabs come from with their numbers; "" where they have them already."""
        is_late = self.late_counts and COUNTS not in self.request.GET and total_of(self, self.tabs[0]).is_capped
        return self.address.with_(**{COUNTS: "1"}) if is_late else ""

    def heads(self) -> list[Head]:
        return heads_of(self.shown_columns, self.order_by, self.address)

    def lines(self) -> list[Line]:
        return [Line(self, row) for row in self.page.rows]

    def shown_tabs(self) -> list[ShownTab]:
        return tabs_of(self)

    def chips(self) -> list[Chip]:
        return chips_of(self)


def _keys(model: type[models.Model], texts: list[str]) -> list[Any]:
    """Keys from a form; what cannot be a key is left out."""
    return [text for text in texts[:1000] if text.isdigit()] if _is_number(model) else texts[:1000]


def _is_number(model: type[models.Model]) -> bool:
    return isinstance(model._meta.pk, models.AutoField | models.IntegerField)
