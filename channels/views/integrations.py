"""The list of a company's integrations, and the gallery of channels to add."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from channels.models import Health, Integration
from channels.registry import CONNECTORS
from channels.shown import FAMILIES, connector_of, label_of, look_of, reason_of, ticks_of, with_facts
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib import clock
from portal.ui.lists import ChoiceFilter, Column, Empty, ListView, Tab

_HEALTH_CHOICES = (
    (Health.HEALTHY.value, "Healthy"),
    (Health.CONNECTING.value, "Connecting"),
    (Health.WAITING.value, "Waiting for store"),
    (Health.NEEDS_REAUTHORISATION.value, "Needs you: key"),
    (Health.MISCONFIGURED.value, "Needs you: set-up"),
)


def channel_choices(view: Any) -> list[tuple[str, str]]:
    """The channels that there are."""
    return [(kind, connector.label) for kind, connector in CONNECTORS.items()]


class IntegrationsView(ListView):
    """Every connection with its switch (what the owner wants) and its health (what we see)."""

    name = "integrations"
    title = "Integrations"
    help_slug = "integrations"
    model = Integration
    template = "channels/integrations.html"
    search = ("name", "store_name")
    search_hint = "Name or platform"
    order = "name"
    tabs = (
        Tab("live", "In use", Q(removed_at__isnull=True)),
        Tab("removed", "Removed", Q(removed_at__isnull=False)),
    )
    filters = (
        ChoiceFilter("health", "Health", _HEALTH_CHOICES),
        ChoiceFilter("kind", "Channel", channel_choices),
    )
    columns = (
        Column("name", "Integration", cell="channels/cells/name.html", place="1l", sort="name", export="name"),
        Column("channel", "Channel", value=lambda row: label_of(row.kind), shown=False),
        Column("enabled", "Enabled", cell="channels/cells/switch.html", place="1r", export="enabled"),
        Column(
            "health",
            "Health",
            cell="channels/cells/health.html",
            place="2l",
            export=lambda row: look_of(row).label,
        ),
        Column("ticks", "Last 24 hours", cell="channels/cells/ticks.html", hide="md", export=False),
        Column("last_order_at", "Last order", kind="time", sort="last_order_at", newest_first=True),
        Column("last_stock_at", "Last stock", kind="time", hide="lg"),
        Column("next_at", "Next run", cell="channels/cells/next.html", hide="lg", export="next_at"),
        Column("open_problems", "Problems", cell="channels/cells/problems.html", place="2r", extra_class="num"),
    )

    @property
    def empty(self) -> Empty:
        """What would fill the list; the step for those who may take it."""
        if self.tab and self.tab.key == "removed":
            return Empty("plug", "Nothing was removed", "Removed connections stay here under a frozen name.")
        may = self.request.scope.can(Can.INTEGRATIONS)
        return Empty(
            icon="plug",
            title="No store is connected yet",
            text="Connect the store or warehouse that you already run. Products arrive by themselves, usually within 20 minutes.",
            url_name="integration-gallery" if may else "",
            action="Add sales channel" if may else "",
        )

    def rows(self) -> QuerySet[Integration]:
        return with_facts(self.request.scope.rows(Integration))

    def searched(self, rows: QuerySet, text: str) -> QuerySet:
        kinds = [kind for kind, connector in CONNECTORS.items() if is_called(connector, text)]
        return rows.filter(Q(name__icontains=text) | Q(store_name__icontains=text) | Q(kind__in=kinds))

    def row_class(self, row: Integration) -> str:
        return "tall"

    def lines(self) -> list[Any]:
        ticks = ticks_of(self.page.rows)
        for row in self.page.rows:
            row.ticks, row.look, row.reason = ticks[row.pk], look_of(row), reason_of(row)
            row.connector, row.url = connector_of(row), reverse("integration", args=[row.pk])
            row.channel = label_of(row.kind)
            row.is_due = row.next_at is not None and row.next_at <= clock.now()
        return super().lines()

    def extra(self) -> dict[str, Any]:
        return {
            "may": self.request.scope.can(Can.INTEGRATIONS),
            "foot_note": f"Times are {timezone.get_current_timezone_name()}",
        }


def is_called(connector: Any, text: str) -> bool:
    """Whether the channel goes by a name like ``text``, its older names included."""
    wanted = _plain(text)
    return any(wanted in _plain(name) for name in (connector.label, connector.kind, *connector.other_names))


def _plain(text: str) -> str:
    return "".join(text.lower().split())


@requires(Can.INTEGRATIONS)
def gallery(request: HttpRequest) -> HttpResponse:
    """The channels one can add, found by any of their names."""
    text = request.GET.get("q", "").strip()[:80]
    found = [connector for connector in CONNECTORS.values() if not text or is_called(connector, text)]
    found.sort(key=lambda connector: connector.kind != request.scope.company.platform)
    connected = set(request.scope.rows(Integration).filter(removed_at=None).values_list("kind", flat=True))
    cards = [
        {
            "connector": connector,
            "family": FAMILIES[connector.family],
            "is_own": connector.kind == request.scope.company.platform,
            "is_connected": connector.kind in connected,
            "also": [name for name in connector.other_names if name.lower() not in connector.label.lower()],
        }
        for connector in found
    ]
    template = "channels/gallery_cards.html" if getattr(request, "htmx", None) else "channels/gallery.html"
    return render(request, template, {"cards": cards, "q": text, "title": "Add sales channel", "help_slug": "connect"})
