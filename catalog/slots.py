"""Places on the catalogue's pages that other apps fill: the catalogue never learns who they are.

``fill("products-top", function)`` in ``AppConfig.ready``; the function takes the request and returns safe HTML, or "" for nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

Filler = Callable[[HttpRequest], SafeString | str]
PRODUCTS_TOP = "products-top"
_fillers: dict[str, list[Filler]] = {}


def fill(slot: str, filler: Filler) -> None:
    """Show what ``filler`` returns in ``slot``; twice is once."""
    fillers = _fillers.setdefault(slot, [])
    if filler not in fillers:
        fillers.append(filler)


def render(slot: str, request: HttpRequest) -> SafeString:
    """Everything that fills ``slot`` for this request."""
    # Templates of ours.
    return mark_safe("".join(filler(request) for filler in _fillers.get(slot, [])))  # nosec B308 B703
