"""Mails of alerts: rendered and sent from their rows, each once."""

from __future__ import annotations

from smtplib import SMTPException, SMTPRecipientsRefused, SMTPServerDisconnected
from socket import gaierror
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from channels.alerts import errands
from channels.models import AlertMail, ErrandState
from portal.companies import mails
from portal.companies.models import Installation
from portal.lib import clock

# So many a job; the dispatcher asks again while some are left.
MOST = 200
# Errors that come before anything was said. After others without an answer the mail may have been taken all the same.
_BEFORE = (ConnectionRefusedError, gaierror)


def send_due() -> int:
    """Send what is due, the oldest first; how many were sent."""
    due = AlertMail.objects.filter(state=ErrandState.WAITING, not_before__lte=clock.now())
    rows = list(due.select_related("company").order_by("not_before", "pk")[:MOST])
    return sum(send(row) for row in rows if errands.take(row))


def send(row: AlertMail) -> bool:
    """Send one claimed mail; whether the mail server took it. An address that it refuses is not tried again.

    Until it is handed over, whatever goes wrong leaves a mail that surely was not sent. From there to the answer it is unknown.
    """
    message = _message(row)
    message.connection = get_connection()
    try:
        message.connection.open()
    except (SMTPException, OSError) as error:
        return errands.postpone(row, answer=_not_taken(error)) and False
    try:
        return errands.hand_over(row) and _hand_over(row, message)
    finally:
        message.connection.close()


def _hand_over(row: AlertMail, message: EmailMultiAlternatives) -> bool:
    try:
        message.send()
    except SMTPRecipientsRefused as error:
        errands.failed(row, answer=f"The address was refused: {error}")
    except _BEFORE as error:
        errands.postpone(row, answer=_not_taken(error))
    except SMTPServerDisconnected as error:
        errands.unclear(row, answer=_not_known(error))
    except SMTPException as error:
        errands.postpone(row, answer=_not_taken(error))
    except OSError as error:
        errands.unclear(row, answer=_not_known(error))
    else:
        errands.arrived(row)
        return True
    return False


def _not_taken(error: Exception) -> str:
    return f"The mail server did not take it: {error}"


def _not_known(error: Exception) -> str:
    return f"The mail server gave no answer, so nobody knows whether it was taken: {error}"


def _message(row: AlertMail) -> EmailMultiAlternatives:
    context = {
        "company": row.company,
        "is_test": row.is_test,
        "may_be_second": row.times_unknown > 0,
        "link": mails.absolute("/alerts/"),
        **row.news,
    }
    headers = {"Message-ID": message_id(row)}
    return mails.compose("alert", to=row.to, subject=row.subject, context=context, headers=headers)


def message_id(row: AlertMail) -> str:
    """The same over all tries of one wish, so that mail servers and programs know a mail that they had; another one when people want it sent again."""
    host = urlsplit(settings.PORTAL_URL).hostname or "localhost"
    return f"<alert-{Installation.current_tag().lower()}-{row.pk}-{row.wishes}@{host}>"
