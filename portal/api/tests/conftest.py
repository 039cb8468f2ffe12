"""Browser fixtures for the documentation page."""

from __future__ import annotations

from portal.ui.tests.browser import *  # noqa: F403
