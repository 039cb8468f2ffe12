"""What load balancers and operators read: up, ready, and which part is late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import OperationalError, connections
from django.urls import reverse

from channels import jobs, watch
from channels.models import Heartbeat, Outbound, OutboundKind
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from channels.vitals import clusters
from portal.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture
def everybody_lives() -> None:
    for cluster in clusters():
        jobs.heartbeat(cluster)
    watch.note_dispatch("trade")


def ask(client, name: str):
    answer = client.get(reverse(name))
    return answer.status_code, answer.json()


def test_the_web_is_up_while_its_database_answers(client):
    assert ask(client, "healthz") == (200, {"status": "ok", "parts": {"database": "ok"}})


def test_the_web_is_up_although_no_cluster_runs(client):
    assert ask(client, "healthz")[0] == 200
    assert ask(client, "readyz")[0] == 503


def test_a_database_that_is_away_is_said_and_nothing_else_is_asked(client, monkeypatch):
    def away(*args, **more):
        raise OperationalError("connection to server at 10.0.0.5 failed: timeout")

    monkeypatch.setattr(connections["default"], "temporary_connection", away)
    status, body = ask(client, "readyz")
    assert status == 503
    assert body["parts"] == {"database": "it does not answer"}


def test_everything_is_ready_while_clusters_and_dispatcher_beat(client, everybody_lives):
    status, body = ask(client, "readyz")
    assert status == 200
    assert set(body["parts"]) == {
        "database",
        "cluster trade",
        "cluster bulk",
        "dispatcher",
        "queue trade",
        "queue bulk",
        "leases",
        "clock",
    }
    assert set(body["parts"].values()) == {"ok"}


@pytest.mark.parametrize("cluster", ["trade", "bulk"])
def test_a_cluster_that_is_silent_for_over_three_minutes_is_named(client, everybody_lives, cluster):
    Heartbeat.objects.filter(cluster=cluster).update(beat_at=clock.now() - timedelta(minutes=4))
    status, body = ask(client, "readyz")
    assert status == 503
    assert f"no job ran in the cluster “{cluster}” for 24" in body["parts"][f"cluster {cluster}"]
    assert [name for name, said in body["parts"].items() if said != "ok"] == [f"cluster {cluster}"]


def test_a_late_dispatcher_is_named(client, everybody_lives):
    Heartbeat.objects.update(dispatched_at=clock.now() - timedelta(minutes=5))
    status, body = ask(client, "readyz")
    assert (status, body["parts"]["cluster trade"]) == (503, "ok")
    assert body["parts"]["dispatcher"].startswith("the dispatcher did not run for 30")


def test_the_schedules_heartbeat_asks_the_other_clusters_too_and_once(monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "async_task", lambda name, *args, cluster, **more: asked.append((args, cluster)))
    jobs.heartbeat()
    jobs.heartbeat()
    assert asked == [(("bulk",), "bulk")]
    jobs.heartbeat("bulk")
    assert watch.last_beat("bulk") is not None


def test_nobody_keeps_an_old_answer(client):
    assert "no-store" in client.get(reverse("healthz"))["Cache-Control"]


def test_figures_need_the_token(client, settings):
    settings.METRICS_TOKEN = "a-long-token"
    assert client.get(reverse("metrics")).status_code == 404
    assert client.get(reverse("metrics"), headers={"Authorization": "Bearer wrong"}).status_code == 404
    assert client.get(reverse("metrics"), headers={"Authorization": "Bearer a-long-token"}).status_code == 200


def test_without_a_token_there_are_no_figures_for_anybody(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get(reverse("metrics"), headers={"Authorization": "Bearer "}).status_code == 404


def test_the_figures_tell_what_waits_and_who_is_stuck_without_naming_a_company(
    client, settings, kingsway, everybody_lives, django_assert_max_num_queries
):
    settings.METRICS_TOKEN = "a-long-token"
    store = make_integration(kingsway, is_sandbox=False)
    Outbound.objects.create(integration=store, kind=OutboundKind.STOCK, record_id=1, created_at=clock.after(-90))
    raise_problem(kingsway, "sku_missing", "A mug has no SKU.", integration=store)
    with django_assert_max_num_queries(30):
        text = client.get(reverse("metrics"), headers={"Authorization": "Bearer a-long-token"}).content.decode()
    assert 'tradelane_outbound{state="waiting"} 1.0' in text
    assert 'tradelane_problems{code="sku_missing"} 1.0' in text
    assert 'tradelane_integrations{health="healthy"} 1.0' in text
    assert "tradelane_outbound_oldest_seconds 9" in text
    assert kingsway.name not in text
