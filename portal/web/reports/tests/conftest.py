"""Browser fixtures for the tests of the Reports page."""

from __future__ import annotations

from portal.ui.tests.browser import *  # noqa: F403
