"""Browser fixtures for the tests of whole pages."""

from __future__ import annotations

from portal.ui.tests.browser import *  # noqa: F403
