"""Search over products that forgives typos: one interface, an index of its own in each kind of database.

``find`` reads, ``note`` keeps the index true after products were written, ``ensure``, ``drop`` and ``rebuild`` are for migrations and people. The tables
are ours and belong to no model: ``ensure`` makes them after every migrate, wherever they are missing.
"""

from catalog.search.finding import MOST, Found, find, in_order
from catalog.search.index import catch_up, drop, ensure, note, rebuild

__all__ = ["MOST", "Found", "catch_up", "drop", "ensure", "find", "in_order", "note", "rebuild"]
