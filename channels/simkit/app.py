"""What every simulator is made of, and the Flask application whose every request is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, Response, g

from channels.simkit.clock import SimClock
from channels.simkit.faults import Faults
from channels.simkit.hooks import HookPolicy, HookQueue
from channels.simkit.store import DocumentStore
from channels.simkit.switches import Switch, Switches
from channels.simkit.wire import CallLog


@dataclass(frozen=True, slots=True)
class Parts:
    """Clock, memory, faults, calls, switches and webhook queue of one simulator."""

    clock: SimClock
    documents: DocumentStore
    faults: Faults
    calls: CallLog
    switches: Switches
    hooks: HookQueue


def build_parts(
    *,
    state: str,
    time_scale: float,
    now: Callable[[], datetime] | None,
    switches: Iterable[Switch],
    indexes: Mapping[str, Iterable[str]],
    policy: Callable[[DocumentStore, SimClock, Switches], HookPolicy],
    hook_hosts: Mapping[str, str],
) -> Parts:
    """Put the parts together. `now` gives aware times (tests); `policy` makes the vendor's webhook rules."""
    clock = SimClock(time_scale, time=(lambda: now().timestamp()) if now else None)
    documents = DocumentStore(state, indexes=indexes)
    values = Switches(switches)
    hooks = HookQueue(clock=clock, switches=values, policy=policy(documents, clock, values), hosts=hook_hosts)
    return Parts(clock, documents, Faults(), CallLog(), values, hooks)


class SimFlask(Flask):
    """Flask whose every request is one transaction of `parts.documents`; an answer of 400 or more undoes it.

    So a refused batch leaves nothing behind, and a cut after the work finds it committed. A view that answers an
    error and keeps what it wrote sets `g.keeps_work = True`.
    """

    parts: Parts

    def full_dispatch_request(self) -> Response:
        """Dispatch inside a transaction."""
        with self.parts.documents.transaction() as unit:
            response = super().full_dispatch_request()
            if response.status_code >= 400 and not g.get("keeps_work"):
                unit.rollback()
            return response
