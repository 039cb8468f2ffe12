"""The API of channels: what a key reads of its company's connections, and nothing else."""

from __future__ import annotations

import pytest

from channels.models import Integration, SyncRun
from channels.problems import raise_problem
from channels.tests.factories import make_integration

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(kingsway) -> Integration:
    return make_integration(kingsway, name="Kingsway store")


def test_a_key_reads_health_and_the_number_of_problems(api, store):
    raise_problem(store.company, "sku_missing", "A mug has no SKU.", integration=store)
    row = api(store.company, "integrations:read").get("/api/v1/integrations/").json()["results"][0]
    assert (row["name"], row["health"], row["enabled"], row["open_problems"]) == ("Kingsway store", "healthy", True, 1)
    assert row["next_run_at"] is not None


def test_no_secret_is_among_the_fields(api, store):
    text = api(store.company, "integrations:read").get(f"/api/v1/integrations/{store.pk}/").content.decode()
    assert store.hook_key not in text
    assert "secret-token" not in text
    assert store.credential.fingerprint not in text


def test_runs_come_newest_first_with_their_counts(api, store):
    for number in (1, 2):
        SyncRun.objects.create(integration=store, step="pull_stock", result="ok", counts={"read": number})
    rows = api(store.company, "integrations:read").get("/api/v1/runs/", {"step": "pull_stock"}).json()["results"]
    assert [row["counts"] for row in rows] == [{"read": 2}, {"read": 1}]


@pytest.mark.row("S4-28")
@pytest.mark.parametrize("path", ["integrations", "runs"])
def test_a_stranger_reads_nothing(api, store, stranger, path):
    SyncRun.objects.create(integration=store, step="pull_stock")
    ids = {"integrations": store.pk, "runs": SyncRun.objects.get().pk}
    reader = api(stranger, "integrations:read")
    assert reader.get(f"/api/v1/{path}/").json()["results"] == []
    assert reader.get(f"/api/v1/{path}/{ids[path]}/").status_code == 404


@pytest.mark.parametrize("path", ["integrations", "runs"])
def test_a_key_without_the_scope_is_refused_with_its_name(api, store, path):
    answer = api(store.company, "orders:read").get(f"/api/v1/{path}/")
    assert answer.status_code == 403
    assert "integrations:read" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["integrations", "runs"])
def test_nothing_can_be_changed_here(api, store, path):
    writer = api(store.company, "integrations:read", "orders:write")
    assert writer.post(f"/api/v1/{path}/", {"name": "x"}, format="json").status_code == 405
