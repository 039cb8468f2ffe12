"""What the tests of alerts share: a company in which things get stuck and are mended, and a sweep that tells at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache

from channels.alerts import mails, standard
from channels.alerts.sweep import sweep
from channels.models import AlertRule, Problem
from channels.problems import raise_problem, resolve
from portal.companies.models import Company
from portal.lib import clock


@pytest.fixture(autouse=True)
def queued(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Jobs that were asked for; none runs by itself."""
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr("channels.alerts.waking.async_task", lambda *args, **more: asked.append(args))
    cache.clear()
    return asked


@dataclass
class Office:
    """A company, and what happens in it."""

    company: Company
    travel: time_machine.Traveller

    def stick(self, number: int = 1, *, key: str = "no_such_sku:ABC", code: str = "no_such_sku", **more: Any) -> None:
        """``number`` records more are stuck by one cause, each worth £10."""
        start = Problem.objects.filter(cause_key=key).count()
        for each in range(start, start + number):
            problem = raise_problem(
                self.company, code, "We know no SKU ABC.", cause_key=key, record_name=f"AC-{each}",
                value=Decimal(10), currency="GBP", **more,
            )  # fmt: skip
            # Records of their own, without building orders.
            Problem.objects.filter(pk=problem.pk).update(record_type="order", record_id=each + 1)

    def mend(self, *, key: str = "no_such_sku:ABC") -> int:
        return resolve(cause_key=key, company_id=self.company.pk, resolution="Matched.")

    def rule(self, **fields: Any) -> AlertRule:
        """The one rule of this company that is on."""
        AlertRule.objects.filter(company=self.company).update(enabled=False)
        values: dict[str, Any] = {"name": "All", "mail_to": "acting", **fields}
        return AlertRule.objects.create(company=self.company, **values)

    def minutes(self, number: float) -> None:
        self.travel.shift(number * 60)

    def news(self) -> list[str]:
        """Sweep once, send what is due, and answer the subjects of the mails that came of it."""
        before = len(mail.outbox)
        sweep()
        mails.send_due()
        return [message.subject for message in mail.outbox[before:]]

    def sweeps(self, *, minutes: int) -> list[str]:
        """A sweep a minute; the subjects of all their mails."""
        subjects: list[str] = []
        for _ in range(minutes):
            self.minutes(1)
            subjects += self.news()
        return subjects


@pytest.fixture
def office(acme: Company, member: Callable[..., Any]) -> Any:
    """Acme with one owner, its standard rules, and a clock that stands at noon."""
    with time_machine.travel("2026-11-20 12:00:30+00:00", tick=False) as travel:
        member(acme)
        Company.objects.filter(pk=acme.pk).update(created_at=clock.now() - timedelta(days=30))
        acme.refresh_from_db()
        standard.ensure([acme])
        yield Office(acme, travel)
