"""What every test shares: the environment is set before Django reads its settings."""

from __future__ import annotations

import os

os.environ.setdefault("TRADELANE_TESTING", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
