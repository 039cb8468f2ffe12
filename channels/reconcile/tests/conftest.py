"""The world of the engine's tests, for the stories of the books."""

from __future__ import annotations

from channels.tests.conftest import world  # noqa: F401 (a fixture)
