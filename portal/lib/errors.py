"""The family of errors that a rule of ours raises.

Each has a stable ``code`` for programs and a sentence for people: what happened, what it means, what to do.
``portal.api.exceptions`` and ``portal.web`` turn the family into answers in one place each.
"""

from __future__ import annotations


class DomainError(Exception):
    """A rule said no. ``field`` names the input at fault where there is one."""

    code = "invalid"

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class InvalidMove(DomainError):
    """A state may not change in that way."""

    code = "invalid_move"


class NotAllowed(DomainError):
    """This role may not do that."""

    code = "not_allowed"


class Conflict(DomainError):
    """Somebody else changed or holds the thing meanwhile."""

    code = "conflict"
