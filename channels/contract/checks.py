"""What came of a typed address and of trying credentials."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AddressCheck:
    """What typing a store address gave: the ``cleaned`` form, and a sentence when ``level`` is "warning" (may go on) or "error" (may not)."""

    cleaned: str
    level: str = "ok"
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the connection check: what was tried, whether it passed (None: not provable), and what to do if not.

    ``code`` is the cause when it failed, ``field`` the credential field at fault. ``ends_at`` (aware UTC) is when the key ends, on the line that learnt it:
    only channels with ``tells_key_end`` know.
    """

    name: str
    passed: bool | None
    sentence: str
    menu: str = ""
    field: str = ""
    code: str = ""
    is_optional: bool = False
    ends_at: datetime | None = None
