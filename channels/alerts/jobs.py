"""The thin functions that django-q2 names for alerts; each may run twice."""

from __future__ import annotations

from channels.alerts import deliveries, errands, mails, pruning, sweep, waking


def sweep_now() -> int:
    """Compare what is stuck with the rules; how many companies were looked at."""
    waking.sweep_begun()
    errands.take_up_stale()
    pruning.prune()
    return sweep.sweep()


def send_mails() -> int:
    """Send the mails that are due; how many went out."""
    waking.mails_begun()
    return mails.send_due()


def send_deliveries(endpoint_id: int) -> int:
    """Send what is due to one endpoint; how many arrived."""
    return deliveries.send_due(endpoint_id)
