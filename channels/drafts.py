"""Connections that somebody is making: begun, filled step by step, redeemed once, and gone without a trace.

A draft belongs to a company, a person and a browser session; nobody else can open it. Its contents are encrypted and live for an hour. A trip to a consent
page carries a signed state with a number that works once.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from django.core import signing
from django.http import HttpRequest

from channels.models import ConnectDraft, Integration
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError

SESSION_KEY = "connecting"
STATE_LIFE = timedelta(minutes=15)
MOST_STATES = 5
_SALT = "channels.drafts.state"


class ConsentRefused(DomainError):
    """A return from a consent page that we do not accept; ``code`` says why, for the log."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Held:
    """What a draft holds. ``credentials`` are by the connector's field names; ``checked`` is the fingerprint of the credentials that passed the check.

    ``ends_at`` is when the key ends, as the check told or a person entered: ISO 8601 in UTC, "" when nobody knows.
    """

    credentials: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    checked: str = ""
    store: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Any] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    ends_at: str = ""

    @property
    def key_ends_at(self) -> datetime | None:
        return datetime.fromisoformat(self.ends_at) if self.ends_at else None

    @classmethod
    def of(cls, draft: ConnectDraft) -> Self:
        known = {name: draft.held.get(name, default) for name, default in _EMPTY.items()}
        return cls(**{**known, "states": tuple(known["states"])})

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _EMPTY} | {"states": list(self.states)}


_EMPTY: dict[str, Any] = {
    "credentials": {},
    "address": "",
    "checked": "",
    "store": {},
    "choices": {},
    "states": (),
    "ends_at": "",
}


def begin(
    request: HttpRequest,
    kind: str,
    *,
    name: str = "",
    integration: Integration | None = None,
    held: Held | None = None,
) -> ConnectDraft:
    """A new draft of the present person in this session; old ones that ran out are swept away."""
    sweep()
    return ConnectDraft.objects.create(
        company=request.scope.company,
        user=request.user,
        integration=integration,
        kind=kind,
        session=_session_of(request),
        name=name,
        held=(held or Held()).as_json(),
    )


def find(request: HttpRequest, key: str, *, kind: str = "") -> ConnectDraft | None:
    """The person's own draft in this company; None when it ran out, was finished or cancelled, or is somebody else's."""
    rows = request.scope.rows(ConnectDraft).filter(key=key, user=request.user, expires_at__gt=clock.now())
    return (rows.filter(kind=kind) if kind else rows).select_related("integration").first()


def keep(draft: ConnectDraft, held: Held, **fields: Any) -> None:
    """Write ``held`` (and other ``fields``) unless somebody changed the draft meanwhile. Raises Conflict."""
    changed = ConnectDraft.objects.filter(pk=draft.pk, version=draft.version).update(
        held=held.as_json(), version=draft.version + 1, **fields
    )
    if not changed:
        raise Conflict("This connection was changed in another window. Load the page again; nothing was saved.")
    draft.refresh_from_db()


def change(draft: ConnectDraft, **values: Any) -> Held:
    """Replace some of what the draft holds; what it holds then."""
    held = replace(Held.of(draft), **values)
    keep(draft, held)
    return held


def discard(draft: ConnectDraft) -> None:
    """Forget it, with the secrets in it."""
    ConnectDraft.objects.filter(pk=draft.pk).delete()


def sweep() -> int:
    """Delete what ran out; how many there were."""
    return ConnectDraft.objects.filter(expires_at__lte=clock.now()).delete()[0]


# --- the trip to a consent page -----------------------------------------------------------------------------------------


def issue_state(draft: ConnectDraft) -> str:
    """A state for one trip: signed, works once, for a quarter of an hour."""
    number = secrets.token_urlsafe(12)
    change(draft, states=(*Held.of(draft).states, number)[-MOST_STATES:])
    return signing.dumps({"draft": draft.key, "number": number}, salt=_SALT, compress=True)


def take_state(request: HttpRequest, kind: str, state: str) -> ConnectDraft:
    """The draft that sent somebody on the trip; its state is used up. Raises ConsentRefused."""
    told = _read_state(state)
    draft = ConnectDraft.objects.select_related("integration").filter(key=told.get("draft", ""), kind=kind).first()
    if draft is None or draft.expires_at <= clock.now():
        raise ConsentRefused("late", _LATE)
    if draft.user_id != request.user.pk or draft.session != request.session.get(SESSION_KEY):
        raise ConsentRefused("another_session", _ANOTHER_SESSION)
    if draft.company_id != request.scope.company.pk:
        raise ConsentRefused("another_company", _ANOTHER_COMPANY.format(company=draft.company))
    held = Held.of(draft)
    number = told.get("number", "")
    if number not in held.states:
        raise ConsentRefused("twice", _TWICE)
    keep(draft, replace(held, states=tuple(known for known in held.states if known != number)))
    return draft


_LATE = "The approval came back too late. Nothing was connected and nothing was saved. Start again; it takes a minute."
_ANOTHER_SESSION = (
    "This approval was begun in another browser or by somebody else. Nothing was connected and nothing was saved."
    " Start again here."
)
_ANOTHER_COMPANY = "This approval was begun for {company}. Nothing was saved. Change to that company and start again."
_TWICE = "This approval was used already. Nothing was changed by opening it again."
_FOREIGN = (
    "This approval does not come from a connection that was begun here. Nothing was connected and nothing was saved."
)


def _read_state(state: str) -> dict[str, str]:
    try:
        told = signing.loads(state, salt=_SALT, max_age=STATE_LIFE)
    except signing.SignatureExpired as error:
        raise ConsentRefused("late", _LATE) from error
    except signing.BadSignature as error:
        raise ConsentRefused("foreign", _FOREIGN) from error
    return told


def await_call(draft: ConnectDraft, address: str) -> None:
    """Let a call of our app's address fill in the credentials of ``address``; "" to stop."""
    ConnectDraft.objects.filter(pk=draft.pk).update(awaits=address[:255])


def awaiting(kind: str, address: str) -> list[ConnectDraft]:
    """The drafts that wait for a call about the store at ``address``."""
    if not address:
        return []
    return list(
        ConnectDraft.objects.select_related("company").filter(kind=kind, awaits=address, expires_at__gt=clock.now())
    )


# --- an app that was installed from the store's side ----------------------------------------------------------------------


def begin_installed(kind: str, held: Held) -> ConnectDraft:
    """A draft that nobody owns yet: whoever opens its link and logs in takes it over, once."""
    sweep()
    return ConnectDraft.objects.create(kind=kind, held=held.as_json())


def adopt(request: HttpRequest, key: str) -> ConnectDraft | None:
    """Make the ownerless draft ``key`` the present person's; None when it ran out or was taken over already."""
    mine = {"company": request.scope.company, "user": request.user, "session": _session_of(request)}
    taken = ConnectDraft.objects.filter(key=key, user=None, expires_at__gt=clock.now()).update(**mine)
    return find(request, key) if taken else None


def _session_of(request: HttpRequest) -> str:
    """A number of this browser session that survives the login."""
    return request.session.setdefault(SESSION_KEY, secrets.token_urlsafe(24))
