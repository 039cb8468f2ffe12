"""A wire that spoils answers on their way: how a record of a shape that nobody documented reaches us."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import requests
from requests.adapters import BaseAdapter

from channels import session
from channels.tests.world import SimStore, World


class Spoiling(BaseAdapter):
    """Hands each JSON answer of ``inner`` whose path ends with ``path`` (a regular expression) to ``spoil``, which changes it in place.

    Counts the requests by path.
    """

    def __init__(self, inner: BaseAdapter, path: str, spoil: Callable[[Any], None]) -> None:
        super().__init__()
        self.inner, self.path, self.spoil = inner, path, spoil
        self.asked: list[str] = []

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        response = self.inner.send(request, **options)
        path = str(request.path_url).split("?")[0]
        self.asked.append(path)
        if re.search(f"{self.path}$", path) and response.status_code == 200:
            body = json.loads(response.content)
            self.spoil(body)
            response._content = json.dumps(body).encode()
        return response

    def close(self) -> None:
        """Nothing is held."""


def spoil_answers(world: World, store: SimStore, path: str, spoil: Callable[[Any], None]) -> Spoiling:
    """From now on answers of the store's channel are spoilt. ``repair`` ends it."""
    wire = Spoiling(world.adapters[store.kind], path, spoil)
    session.TRANSPORTS[store.kind] = wire
    return wire


def repair(world: World, store: SimStore) -> None:
    session.TRANSPORTS[store.kind] = world.adapters[store.kind]
