"""Fixtures of the engine's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from channels.tests.world import TIME_SCALE, World, running_world


@pytest.fixture
def world(settings, db) -> Iterator[World]:
    """Both simulators in process, time running fast."""
    settings.TIME_SCALE = TIME_SCALE
    with running_world() as world:
        yield world
