"""Rate budgets: one per integration, shared by all workers, fed by the channel's own headers.

``figures`` has the rules, ``stores`` where the figures are kept (Redis or the database), ``shared`` what a connector's HTTP client asks, ``shown`` what
pages and metrics read. A share is kept free for orders and shipments, so that a catalogue walk cannot delay them; short waits are slept, long ones
become ``RateLimited``.
"""

from channels.budget.shared import LONGEST_WAIT, RESERVED_SHARE, SharedBudget
from channels.budget.shown import Budget, blocked_count, budget_of
from channels.budget.stores import DatabaseStore, RedisStore, store_for

__all__ = [
    "LONGEST_WAIT",
    "RESERVED_SHARE",
    "Budget",
    "DatabaseStore",
    "RedisStore",
    "SharedBudget",
    "blocked_count",
    "budget_of",
    "store_for",
]
