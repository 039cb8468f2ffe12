"""A supervised stack beside the command that needs it."""

from __future__ import annotations

import logging
import threading
from types import TracebackType

from portal.run.processes import Child
from portal.run.supervisor import Supervisor

log = logging.getLogger(__name__)


class Background:
    """Starts children and watches them in a thread until the ``with`` block ends."""

    def __init__(self, children: list[Child]) -> None:
        self.supervisor = Supervisor(children, tell=log.warning)
        self.thread = threading.Thread(target=self.supervisor.run, name="supervisor", daemon=True)

    def __enter__(self) -> Supervisor:
        self.supervisor.start()
        self.thread.start()
        return self.supervisor

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.supervisor.stop()
        self.thread.join(timeout=60)
