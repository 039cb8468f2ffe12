"""Fixtures of the tests of files."""

from __future__ import annotations

from portal.ui.tests.browser import *  # noqa: F403
