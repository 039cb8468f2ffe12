"""Paging by position: page 10,000 costs what page 1 costs, and rows that arrive meanwhile shift nothing."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination

_SENTENCE = "This cursor is not one of ours. Begin again without it, and follow “next” from there."


class KeysetPagination(CursorPagination):
    """Newest first by primary key unless the view sets ``ordering`` (one unique column). ``page_size`` is 50, at most 500."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 500
    invalid_cursor_message = _SENTENCE

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> tuple[str, ...]:
        return (getattr(view, "ordering", None) or self.ordering,)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError) as error:
            # A cursor that decodes but holds no position of this list.
            raise NotFound(_SENTENCE) from error
