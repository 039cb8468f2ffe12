"""Every list of the portal: search, tabs, filters, columns, saved views, export, keyset paging. See README.md beside this file."""

from __future__ import annotations

from portal.ui.lists.actions import BulkAction
from portal.ui.lists.columns import Column
from portal.ui.lists.filters import ChoiceFilter, FlagFilter, PeriodFilter
from portal.ui.lists.parts import Empty, Tab
from portal.ui.lists.view import ListView

__all__ = ["BulkAction", "ChoiceFilter", "Column", "Empty", "FlagFilter", "ListView", "PeriodFilter", "Tab"]
