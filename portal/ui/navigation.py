"""The side navigation and the banners: what apps register, and what one person sees of it.

``count("problems", figure)`` puts a number beside an item; ``banner_source(source, figure)`` adds banners on every page. A ``Figure`` says of a ``Scope``
what is to be counted; all of them are read in one statement, for people inside a company only, and a source is asked only where its figure is not 0. Call both
in ``AppConfig.ready``. The item marked is the one whose address the page's begins with, unless the view says ``place(request, "catalogue")``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from portal.companies.permissions import Can
from portal.companies.scope import Scope
from portal.lib.prepared import Number, how_many


@dataclass(frozen=True, slots=True)
class Item:
    """A page in the navigation. ``url_name`` must reverse without arguments; ``sides`` are the kinds of company that see it ("" = all).

    ``phone`` is its place among the four tabs of a phone, 0 for none. ``counted`` is the word that readers hear after its number.
    """

    key: str
    label: str
    url_name: str
    icon: str
    permission: Can = Can.VIEW
    supplier: bool = True
    retailer: bool = True
    phone: int = 0
    foot: bool = False
    counted: str = "open"


ITEMS = (
    Item("home", "Home", "home", "house", phone=1),
    Item("orders", "Orders", "orders", "shopping-cart", phone=2),
    Item("products", "Products", "products", "package", phone=3),
    Item("catalogue", "Catalogue", "catalogue", "layout-grid", supplier=False),
    Item("listings", "Listings", "listings", "store", supplier=False),
    Item("prices", "Prices", "prices", "tag", retailer=False),
    Item("partners", "Partners", "partners", "users"),
    Item("integrations", "Integrations", "integrations", "plug"),
    Item("problems", "Problems", "problems", "triangle-alert", phone=4),
    Item("alerts", "Alerts", "alerts", "bell", counted="unread"),
    Item("reports", "Reports", "reports", "chart-column"),
    Item("activity", "Activity", "activity", "history"),
    Item("settings", "Settings", "company-settings", "sliders-horizontal", permission=Can.COMPANY, foot=True),
    Item("help", "Help", "help", "circle-question-mark", foot=True),
)


@dataclass(frozen=True, slots=True)
class Banner:
    """A line above the page: amber "warn" (the owner must act), "ok" (back to normal), "bad"."""

    text: str
    title: str = ""
    tone: str = "warn"
    url: str = ""
    action: str = ""
    is_primary: bool = False

    @property
    def icon(self) -> str:
        return "circle-check" if self.tone == "ok" else "triangle-alert"

    @property
    def icon_class(self) -> str:
        return f"i-{self.tone}"


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as one person sees it now."""

    item: Item
    url: str
    is_current: bool
    count: int

    @property
    def label(self) -> str:
        return self.item.label

    @property
    def icon(self) -> str:
        return self.item.icon


# What is counted for somebody; None where it does not concern them.
Figure = Callable[[Scope], Number | None]
Figures = Mapping[Figure, int]
_counters: dict[str, Figure] = {}
_banners: dict[Callable[[Scope], Iterable[Banner]], Figure] = {}


def count(key: str, figure: Figure) -> None:
    """Show what ``figure`` counts beside the item ``key`` when it is above 0."""
    _counters[key] = figure


def banner_source(source: Callable[[Scope], Iterable[Banner]], figure: Figure) -> None:
    """Ask ``source(scope)`` for banners on every page, where ``figure`` counts anything."""
    _banners[source] = figure


def figures_for(scope: Scope) -> Figures:
    """All that is counted for the frame around a page, in one statement."""
    figures = {figure: figure(scope) for figure in (*_counters.values(), *_banners.values())}
    asked = {figure: number for figure, number in figures.items() if number is not None}
    return dict(zip(asked, how_many(list(asked.values())), strict=True))


def place(request: HttpRequest, key: str) -> None:
    """Mark the item ``key`` on this page, whose address stands under another's."""
    request.place = key


def items_for(request: HttpRequest, scope: Scope, figures: Figures) -> list[Shown]:
    """The items that ``scope`` may see and whose page exists, the one of this page marked, with their numbers of ``figures``."""
    pairs = [(item, _address(item)) for item in ITEMS if _may_see(item, scope)]
    pairs = [(item, url) for item, url in pairs if url]
    named = getattr(request, "place", "")
    current = next((url for item, url in pairs if item.key == named), None)
    current = current or _longest_match(request.path, [url for _, url in pairs])
    return [Shown(item, url, url == current, _count(item, figures)) for item, url in pairs]


def banners_for(scope: Scope, figures: Figures) -> list[Banner]:
    """The banners of every source that has any by ``figures``, in the order of registration."""
    return [banner for source, figure in _banners.items() if figures.get(figure) for banner in source(scope)]


def _may_see(item: Item, scope: Scope) -> bool:
    on_side = (item.supplier and scope.company.is_supplier) or (item.retailer and scope.company.is_retailer)
    return on_side and scope.can(item.permission)


@cache
def _address(item: Item) -> str:
    """Asked for every item of every page; addresses stay as they are."""
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return ""


def _longest_match(path: str, addresses: list[str]) -> str:
    return max((url for url in addresses if url != "/" and path.startswith(url)), key=len, default=path)


def _count(item: Item, figures: Figures) -> int:
    figure = _counters.get(item.key)
    return figures.get(figure, 0) if figure else 0
