"""Waiting for the workers, with progress for whoever watches and an end when nothing moves any more."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import close_old_connections


class Stalled(Exception):
    """Nothing moved for too long."""


def wait_for(
    what: str, progress: Callable[[], tuple[int, int]], *, tell: Callable[[str], None], patience: float = 120.0
) -> float:
    """Until ``progress`` (done, wanted) is full; the seconds it took. Raises Stalled when ``done`` stays the same for ``patience`` seconds."""
    started = moved = time.monotonic()
    last = -1
    told = 0.0
    while True:
        close_old_connections()
        done, wanted = progress()
        now = time.monotonic()
        if done >= wanted:
            tell(f"{what}: {wanted} in {now - started:.1f} s")
            return now - started
        if done != last:
            last, moved = done, now
        if now - moved > patience:
            raise Stalled(f"{what}: {done} of {wanted}, and nothing moved for {patience:.0f} seconds.")
        if now - told > 10:
            tell(f"{what}: {done} of {wanted}")
            told = now
        time.sleep(0.25)
