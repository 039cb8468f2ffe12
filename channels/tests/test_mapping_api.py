"""The status mapping for programs: the page's rules, its audit and its effect, and nothing for a stranger."""

from __future__ import annotations

import pytest
from drf_spectacular.generators import SchemaGenerator

from channels.models import Integration, ValueMap
from channels.models.valuemap import Area
from channels.tests.factories import make_integration
from portal.companies.models import AuditEvent
from portal.lib import clock

pytestmark = pytest.mark.django_db
LABELS = (
    ("1", "New", "new"),
    ("8", "Ready to send", "unknown"),
    ("4", "Shipped", "shipped"),
    ("7", "Cart", "incomplete"),
)


@pytest.fixture
def store(acme) -> Integration:
    """A Shift4Shop retailer whose statuses were read."""
    store = make_integration(acme, kind="shift4shop", name="Acme shop", sells=True, supplies=False)
    ValueMap.objects.bulk_create(
        ValueMap(
            integration=store,
            area=Area.STATUS,
            theirs=theirs,
            label=label,
            usual=usual,
            position=n,
            read_at=clock.now(),
        )
        for n, (theirs, label, usual) in enumerate(LABELS)
    )
    return store


def path(store: Integration) -> str:
    return f"/api/v1/integrations/{store.pk}/mapping/"


def meanings(body: dict) -> dict[str, str]:
    return {status["id"]: status["meaning"] for status in body["statuses"]}


def test_a_program_reads_what_each_status_means_and_what_may_be_set(api, store):
    body = api(store.company, "integrations:read").get(path(store)).json()
    assert meanings(body) == {"1": "import", "8": "wait", "4": "shipped", "7": "wait"}
    assert [status["label"] for status in body["statuses"] if status["is_fixed"]] == ["Cart"]
    (shipped, *_) = [each for each in body["written"] if each["name"] == "shipped_status"]
    assert {"id": "4", "label": "Shipped"} in shipped["choices"]
    assert body["read_at"]


def test_a_change_of_some_leaves_the_others_and_is_in_the_activity_under_the_keys_name(api, store):
    writer = api(store.company, "integrations:write")
    answer = writer.patch(path(store), {"statuses": {"8": "import"}}, format="json")
    assert answer.status_code == 200
    assert meanings(answer.json()) == {"1": "import", "8": "import", "4": "shipped", "7": "wait"}
    event = AuditEvent.objects.get(action="integration.mapped")
    assert (event.actor_kind, event.user) == ("key", None)
    assert "Ready to send → take the order over" in event.sentence
    assert writer.patch(path(store), {"statuses": {"8": "import"}}, format="json").status_code == 200
    assert AuditEvent.objects.filter(action="integration.mapped").count() == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"statuses": {"99": "import"}}, "no status “99”"),
        ({"statuses": {"7": "import"}}, "never placed"),
        ({"statuses": {"1": "wait"}}, "No status would be taken over"),
        ({"statuses": {"8": "sell"}}, "not a valid choice"),
        ({"statuses": ["8"]}, "dictionary"),
        ({"written": {"colour": "4"}}, "no status called “colour”"),
        ({"written": {"shipped_status": "1"}}, "cannot be set there"),
    ],
)
def test_what_the_page_would_not_offer_is_refused_with_the_reason_and_changes_nothing(api, store, body, said):
    answer = api(store.company, "integrations:write").patch(path(store), body, format="json")
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not ValueMap.objects.exclude(ours="").exists()
    assert not AuditEvent.objects.filter(action="integration.mapped").exists()


def test_a_key_that_may_only_read_changes_nothing(api, store):
    reader = api(store.company, "integrations:read")
    answer = reader.patch(path(store), {"statuses": {"8": "import"}}, format="json")
    assert answer.status_code == 403
    assert "integrations:write" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["get", "patch"])
def test_a_stranger_gets_nothing(api, store, stranger, method):
    nosy = api(stranger, "integrations:write")
    assert getattr(nosy, method)(path(store), {"statuses": {"8": "import"}}, format="json").status_code == 404
    assert not ValueMap.objects.exclude(ours="").exists()


def test_it_is_in_the_schema():
    schema = SchemaGenerator().get_schema(public=True)
    assert set(schema["paths"]["/api/v1/integrations/{id}/mapping/"]) >= {"get", "patch"}


def test_reading_takes_a_bounded_number_of_queries(api, store, django_assert_max_num_queries):
    reader = api(store.company, "integrations:read")
    reader.get(path(store))
    with django_assert_max_num_queries(6):
        reader.get(path(store))
