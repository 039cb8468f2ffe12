"""The two mails of this app, plain text with a simple HTML twin. Links begin with ``PORTAL_URL``."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from portal.companies.models import Invitation, Partnership


def send_invitation(invitation: Invitation, token: str) -> None:
    """Tell the invited person who wants them in which company; ``token`` makes the link."""
    send(
        "invitation",
        to=invitation.email,
        subject=f"{_person(invitation.invited_by, invitation.company)} invited you to {invitation.company}",
        context={"invitation": invitation, "link": absolute(reverse("invitation", args=[token]))},
    )


def send_partner_invitation(partnership: Partnership, token: str) -> None:
    """Tell the invited company's person who wants to trade; ``token`` makes the link."""
    send(
        "partner_invitation",
        to=partnership.invited_email,
        subject=f"{partnership.inviter} invited you to trade",
        context={
            "partnership": partnership,
            "they_supply": partnership.supplier_id == partnership.inviter_id,
            "link": absolute(reverse("partner-invitation", args=[token])),
        },
    )


def send(name: str, *, to: str, subject: str, context: dict[str, Any]) -> None:
    """Send ``templates/emails/<name>.txt`` with ``<name>.html`` beside it."""
    compose(name, to=to, subject=subject, context=context).send()


def compose(
    name: str, *, to: str, subject: str, context: dict[str, Any], headers: dict[str, str] | None = None
) -> EmailMultiAlternatives:
    """The mail that ``send`` would send."""
    context = {"subject": subject, "support_email": settings.SUPPORT_EMAIL, "portal": settings.PORTAL_URL, **context}
    message = EmailMultiAlternatives(
        " ".join(subject.split()), render_to_string(f"emails/{name}.txt", context), to=[to], headers=headers
    )
    message.attach_alternative(render_to_string(f"emails/{name}.html", context), "text/html")
    return message


def absolute(path: str) -> str:
    """``path`` as a full address of this portal."""
    return settings.PORTAL_URL.rstrip("/") + path


def _person(user: object | None, company: object) -> str:
    return str(user or company)
