"""Fixtures of this app's tests."""

from __future__ import annotations

from portal.companies.tests.platform_doubles import two_platforms  # noqa: F401
from portal.ui.tests.browser import *  # noqa: F403
