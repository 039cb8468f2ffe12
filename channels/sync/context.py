"""What a step works with: the integration, its connector, its lease and the run's counts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from channels.contract import StoreConnector
from channels.errors import ChannelError
from channels.leases import Lease
from channels.meanings import StatusTable
from channels.models import Integration, SyncRun
from channels.problems import raise_problem
from channels.session import open_connector
from channels.steps import STEPS
from channels.sync.reads import RunReads
from portal.companies.models import Company

# Seconds a lane; the job queue ends a job of the first after 120 and one of the second after 1,200, wherever it stands.
LONGEST_RUN = {"orders": 40.0, "catalogue": 600.0}


@dataclass
class StepContext:
    """One execution of a step. ``counts`` are read, created, updated, unchanged, refused; ``beat`` is called for every page and record."""

    integration: Integration
    lease: Lease
    run: SyncRun
    counts: dict[str, int] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    @cached_property
    def connector(self) -> StoreConnector:
        """Opened on first use, so that a step with nothing to do decrypts nothing."""
        return open_connector(self.integration, lane=STEPS[self.run.step].lane, reads=self.reads)

    @cached_property
    def reads(self) -> RunReads:
        """Told of every record of a list that can and cannot be read."""
        return RunReads(self.integration)

    @cached_property
    def statuses(self) -> StatusTable:
        """What the store's order statuses mean to us, as chosen when this run first asked."""
        return StatusTable.of(self.integration)

    @property
    def company(self) -> Company:
        return self.integration.company

    @property
    def cursor(self) -> dict[str, Any]:
        return dict(self.lease.state.cursor)

    @property
    def time_is_up(self) -> bool:
        """Whether the run should end and leave the rest to the next one, well before the queue would end it."""
        return time.monotonic() - self.began > LONGEST_RUN[STEPS[self.run.step].lane]

    def count(self, what: str, number: int = 1) -> None:
        if number:
            self.counts[what] = self.counts.get(what, 0) + number

    def beat(self) -> None:
        """Keep the lease. Raises LeaseLost."""
        self.lease.beat()

    def save_cursor(self, **changes: Any) -> None:
        """Keep how far we read. Raises LeaseLost."""
        self.lease.save_cursor({**self.cursor, **changes})

    def show_progress(self, *, expected: int | None = None) -> None:
        """Let people watch a long run."""
        changes: dict[str, Any] = {"counts": self.counts}
        if expected is not None:
            changes["expected"] = expected
        SyncRun.objects.filter(pk=self.run.pk).update(**changes)

    def refuse(self, error: ChannelError, *, record_name: str = "", cause_key: str = "", record: Any = None) -> None:
        """Count a record that could not be taken and leave a Problem; the loop goes on."""
        self.count("refused")
        raise_problem(
            self.integration.company_id,
            error.code,
            f"{record_name}: {error.message}" if record_name else error.message,
            integration=self.integration,
            record=record,
            record_name=record_name,
            cause_key=cause_key or f"{error.code}:{self.integration.pk}:{record_name}",
            detail=error.detail,
        )


def parse_time(text: str | None) -> datetime | None:
    """A moment from a cursor."""
    return datetime.fromisoformat(text) if text else None
