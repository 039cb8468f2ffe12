from __future__ import annotations
from flask import Flask

OWN_TRANSACTION: frozenset[str] = frozenset()


def mount(app: Flask) -> None:
    pass
