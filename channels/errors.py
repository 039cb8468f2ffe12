"""What can go wrong at an outside system: each class says who can mend it and whether waiting helps.

``http.py`` turns status codes and transport failures into these, once; a connector overrides only what its vendor does oddly. The runner turns them
into health, problems and waiting times. ``code`` is a row of the cause catalogue (``channels.causes``).
"""

from __future__ import annotations

from datetime import datetime


class ChannelError(Exception):
    """Anything that an outside system did or said that stopped us. Carries no secret."""

    code = "channel_error"

    def __init__(self, message: str = "", *, code: str = "", status: int | None = None, detail: str = "") -> None:
        super().__init__(message or self.__class__.__doc__ or "")
        self.message = message
        self.code = code or type(self).code
        self.status = status
        # Their own words, shown behind "Details".
        self.detail = detail


class Unavailable(ChannelError):
    """Their side is down or unreachable and surely did not act: waiting helps, nobody needs to do anything."""

    code = "store_unavailable"


class RateLimited(Unavailable):
    """They ask us to slow down; ``retry_at`` (aware UTC) is when they will listen again, None when they did not say."""

    code = "rate_limited"

    def __init__(self, message: str = "", *, retry_at: datetime | None = None, status: int | None = 429) -> None:
        super().__init__(message, status=status)
        self.retry_at = retry_at


class UnclearOutcome(ChannelError):
    """A write was sent and no clear answer came: it may have happened. Look our reference up before sending again."""

    code = "no_clear_answer"


class NeedsReauthorisation(ChannelError):
    """The credentials were rejected: a person of the company must reauthorise."""

    code = "credentials_rejected"


class Misconfigured(ChannelError):
    """A permission, address or setting is wrong. ``area`` names what we called ("Orders"), ``message`` the sentence to fix it."""

    code = "permission_missing"

    def __init__(
        self, message: str = "", *, area: str = "", code: str = "", status: int | None = None, detail: str = ""
    ) -> None:
        super().__init__(message, code=code, status=status, detail=detail)
        self.area = area


class WrongStore(Misconfigured):
    """The credentials belong to another store than the one that is connected."""

    code = "another_store"


class Rejected(ChannelError):
    """They refuse this one record as it is; ``field`` names the value at fault where they say it."""

    code = "record_rejected"

    def __init__(
        self, message: str = "", *, field: str = "", code: str = "", status: int | None = None, detail: str = ""
    ) -> None:
        super().__init__(message, code=code, status=status, detail=detail)
        self.field = field


class AlreadyThere(Rejected):
    """They refuse because something with this name, SKU or number exists."""

    code = "already_there"


class NotFound(Rejected):
    """The record does not exist at their side (any more)."""

    code = "not_found_there"


class UnexpectedPayload(ChannelError):
    """An answer that is not of the documented shape; ``path`` tells where. Ours to look at."""

    code = "unexpected_answer"

    def __init__(self, message: str = "", *, path: str = "", status: int | None = None, detail: str = "") -> None:
        super().__init__(message, status=status, detail=detail)
        self.path = path
