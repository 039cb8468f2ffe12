"""Mails of alerts: rendered and sent from their rows, each once."""

from __future__ import annotations

from smtplib import SMTPException, SMTPRecipientsRefused

from channels.alerts import errands
from channels.models import AlertMail, ErrandState
from portal.companies import mails
from portal.lib import clock

# So many a job; the dispatcher asks again while some are left.
MOST = 200


def send_due() -> int:
    """Send what is due, the oldest first; how many were sent."""
    due = AlertMail.objects.filter(state=ErrandState.WAITING, not_before__lte=clock.now())
    rows = list(due.select_related("company").order_by("not_before", "pk")[:MOST])
    return sum(send(row) for row in rows if errands.take(row))


def send(row: AlertMail) -> bool:
    """Send one claimed mail; whether the mail server took it. An address that it refuses is not tried again."""
    context = {"company": row.company, "is_test": row.is_test, "link": mails.absolute("/alerts/"), **row.news}
    try:
        mails.send("alert", to=row.to, subject=row.subject, context=context)
    except SMTPRecipientsRefused as error:
        errands.failed(row, answer=f"The address was refused: {error}")
        return False
    except (SMTPException, OSError) as error:
        errands.postpone(row, answer=f"The mail server did not take it: {error}")
        return False
    errands.arrived(row)
    return True
