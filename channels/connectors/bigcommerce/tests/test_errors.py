"""Each documented shape of a refusal becomes one of our errors, with a sentence and the field at fault."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from channels.connectors.bigcommerce.errors import explain, read
from channels.errors import (
    AlreadyThere,
    Misconfigured,
    NeedsReauthorisation,
    NotFound,
    RateLimited,
    Rejected,
)


def test_missing_fields_are_named(fixture: Any) -> None:
    error = explain(422, {}, json.dumps(fixture("error_missing_fields")))
    assert isinstance(error, Rejected)
    assert error.field == "name"
    assert error.message == (
        "BigCommerce refused this: Missing Required Fields; Please provide a name; Please provide a weight."
    )


def test_a_v2_refusal_keeps_its_details(fixture: Any) -> None:
    text = json.dumps(fixture("error_over_shipment"))
    error = explain(400, {}, text)
    assert isinstance(error, Rejected)
    assert "more than is left to ship" in error.message
    assert read(text).details == {"order_product_id": 612, "available_quantity": 1}


def test_a_duplicate_names_what_is_taken() -> None:
    body = {
        "status": 409,
        "title": "The product sku is a duplicate",
        "errors": {"sku": "The product sku is a duplicate"},
    }
    error = explain(409, {}, json.dumps(body))
    assert isinstance(error, AlreadyThere)
    assert (error.field, error.message.count("duplicate")) == ("sku", 1)


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (401, "X-Auth-Token header is required", NeedsReauthorisation),
        (401, '{"status":401,"title":"Unauthorized"}', NeedsReauthorisation),
        (403, '{"error":"You are authorized but your scope does not include this resource."}', Misconfigured),
        (404, '{"status":404,"title":"Not found","type":"x"}', NotFound),
        (404, '[{"status":404,"message":"Gone"}]', NotFound),
        (413, '{"status":413,"title":"The request payload is too large.","errors":{}}', Rejected),
        (422, '{"data":[{"status":422,"title":"No"}],"meta":{}}', Rejected),
        (400, "<html>Bad Request</html>", Rejected),
        (400, "", Rejected),
        (429, "", RateLimited),
        (509, "", RateLimited),
    ],
)
def test_the_status_decides_whatever_the_body_is(status: int, text: str, kind: type[Exception]) -> None:
    error = explain(status, {}, text)
    assert type(error) is kind
    assert error.status == status


def test_a_route_that_they_do_not_know_is_our_address_and_not_a_missing_record() -> None:
    error = explain(404, {}, "The route is not found, check the URL")
    assert isinstance(error, Misconfigured)
    assert error.code == "wrong_address"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_their_own_failures_are_left_to_the_table_that_knows_reads_from_writes(status: int) -> None:
    assert explain(status, {}, "<html>") is None


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-Rate-Limit-Time-Reset-Ms": "12500"}, 12.5),
        ({"X-Retry-After": "20", "X-Rate-Limit-Time-Reset-Ms": "12500"}, 20),
        ({"X-Retry-After": "3", "X-Rate-Limit-Time-Reset-Ms": "12500"}, 12.5),
        ({"X-Retry-After": "soon"}, None),
        ({}, None),
    ],
)
@time_machine.travel(datetime(2026, 11, 21, 10, tzinfo=UTC), tick=False)
def test_a_rate_limit_waits_for_the_longer_of_both_headers(headers: dict[str, str], seconds: float | None) -> None:
    error = explain(429, headers, "")
    assert isinstance(error, RateLimited)
    expected = None if seconds is None else datetime(2026, 11, 21, 10, tzinfo=UTC) + timedelta(seconds=seconds)
    assert error.retry_at == expected
