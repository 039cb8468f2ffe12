"""What a connector declares about itself: what is typed, which rights it needs, the steps of its guide, its settings and its budget."""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract.orders import RemoteOrderState


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One thing a person enters to connect. ``placeholder`` shows its form; ``is_secret`` fields are never shown again."""

    name: str
    label: str
    help: str = ""
    placeholder: str = ""
    is_secret: bool = False
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that we ask for. ``why`` is for the person, ``menu`` the path in their system that grants it."""

    name: str
    access: str
    why: str
    menu: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the connector makes: a verb and a path below the address of the system, with ``{}`` for an id, and the right that it needs.

    ``is_for_listings``: only in a store that takes listings.
    """

    method: str
    path: str
    area: str
    is_for_listings: bool = False


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One numbered instruction of the connect guide; ``link`` opens in a new tab."""

    text: str
    link: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class SettingField:
    """A choice per integration. The values to choose from come from ``StoreConnector.setting_choices`` where they are read from the store.

    ``is_first_only`` says that only the wizard asks it: afterwards the table of the store's order statuses tells the same. ``states`` makes it one of the
    store's own statuses, chosen beside that table among those that usually mean one of them. ``expected`` is a word in the choice that usually fits.
    """

    name: str
    label: str
    help: str = ""
    default: str = ""
    is_required: bool = False
    # "supplies" or "sells" for a choice that matters in that direction only.
    role: str = ""
    is_first_only: bool = False
    expected: str = ""
    states: tuple[RemoteOrderState, ...] = ()


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The documented budget: ``requests`` per ``seconds`` (a window), or a bucket ``burst`` deep that leaks ``requests``/``seconds``."""

    requests: int
    seconds: float
    burst: int = 0


@dataclass(frozen=True, slots=True)
class RateHeaders:
    """Names of the answer headers that tell a window's state: requests left, milliseconds to its turn, and its size."""

    left: str
    reset_ms: str
    quota: str
