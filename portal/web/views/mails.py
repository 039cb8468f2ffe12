"""The sandbox's mail box: nothing leaves the machine, the mails are shown here instead."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

MOST = 50
_END = re.compile(r"^-{70,}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that the sandbox kept; ``text`` is its plain part."""

    to: str
    subject: str
    text: str
    at: datetime


def mails(request: HttpRequest) -> HttpResponse:
    """The latest mails, newest first; there is no such page outside the sandbox."""
    if not settings.SANDBOX:
        raise Http404
    return render(request, "web/mails.html", {"mails": kept_mails(Path(settings.EMAIL_FILE_PATH))})


def kept_mails(folder: Path) -> list[Mail]:
    """The mails in ``folder``, as Django's file backend writes them (several a file, a line of dashes between)."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[:MOST]
    found = [
        _read(part, path) for path in files for part in reversed(_END.split(path.read_text("utf-8"))) if part.strip()
    ]
    return sorted(found, key=lambda mail: mail.at, reverse=True)[:MOST]


def _read(text: str, path: Path) -> Mail:
    message = email.message_from_string(text.strip("\n"), policy=default)
    sent = message["date"].datetime if message["date"] else None
    at = sent or datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Mail(str(message["to"] or ""), str(message["subject"] or ""), _plain(message), at.astimezone(UTC))


def _plain(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    return body.get_content().strip() if body else ""
