"""Fixtures of the alerts' browser tests."""

from __future__ import annotations

from portal.ui.tests.browser import *  # noqa: F403
