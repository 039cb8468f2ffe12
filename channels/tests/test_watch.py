"""Signs of life, and the alarm for catalogues that do not arrive."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from channels import jobs, watch
from channels.models import Heartbeat, Integration, Problem
from channels.tests.factories import make_integration
from portal.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def managers(settings):
    settings.MANAGERS = [("Operations", "ops@tradelane.example")]


@pytest.mark.row("S4-16")
def test_twenty_minutes_without_products_tell_staff_once(managers):
    integration = make_integration()
    Integration.objects.update(created_at=clock.now() - timedelta(minutes=21))
    assert watch.look_for_late_catalogues() == 1
    assert watch.look_for_late_catalogues() == 0
    assert Problem.objects.get().code == "no_products"
    assert integration.name in mail.outbox[0].subject


@pytest.mark.row("S4-16")
def test_products_that_came_in_time_tell_nobody(managers):
    make_integration(first_products_at=clock.now())
    Integration.objects.update(created_at=clock.now() - timedelta(minutes=21))
    assert watch.look_for_late_catalogues() == 0
    assert not mail.outbox


def test_a_retailers_store_without_products_is_no_alarm(managers):
    make_integration(supplies=False, sells=True, created_at=clock.now() - timedelta(hours=1))
    assert watch.look_for_late_catalogues() == 0


def test_a_heartbeat_is_one_row_a_cluster():
    jobs.heartbeat("bulk")
    jobs.heartbeat("bulk")
    assert Heartbeat.objects.get().cluster == "bulk"
    assert clock.now() - watch.last_beat("bulk") < timedelta(seconds=5)
