"""How a connector reaches one store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from channels.contract.reading import STRICT, Reads

if TYPE_CHECKING:
    from channels.http import Http


@dataclass(frozen=True, slots=True)
class Session:
    """All that a connector gets: how to reach one store.

    ``hosts`` and ``app`` are the installation's entries for (kind, live or sandbox); ``credentials`` and ``settings`` those of the integration;
    ``store_id`` its known identity ("" before the first check); ``time_zone`` the store's IANA zone as confirmed by a person;
    ``reads`` is told of each record of a list.
    """

    http: Http
    hosts: Mapping[str, str]
    credentials: Mapping[str, str]
    app: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    store_id: str = ""
    store_address: str = ""
    currency: str = ""
    time_zone: str = ""
    reads: Reads = STRICT
