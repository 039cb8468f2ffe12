"""The one source of time: UTC, and scaled durations for journeys and drills.

Tests replace it with time-machine; journeys and drills set ``TIME_SCALE`` so that windows, leaks and waits pass faster
while time stamps stay real.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from django.conf import settings


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def scaled(seconds: float) -> float:
    """A duration in real seconds after the installation's time scale (20 means twenty times as fast)."""
    return seconds / settings.TIME_SCALE


def after(seconds: float) -> datetime:
    """The moment that lies ``seconds`` (unscaled) ahead on the installation's clock."""
    return now() + timedelta(seconds=scaled(seconds))


def sleep(seconds: float) -> None:
    """Wait ``seconds`` (unscaled) on the installation's clock."""
    time.sleep(scaled(seconds))
