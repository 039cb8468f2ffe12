"""What the vendor's answers stand for, whatever their shape."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from channels.connectors.shift4shop.answers import Entry, entries_in, entries_in_text, written
from channels.connectors.shift4shop.checks import _clock_difference
from channels.connectors.shift4shop.errors import explain, refusal
from channels.errors import (
    AlreadyThere,
    ChannelError,
    Misconfigured,
    NeedsReauthorisation,
    NotFound,
    Rejected,
    Unavailable,
    UnclearOutcome,
)
from channels.http import Answer


def body(message: str, key: str = "OrderID", status: object = "400") -> str:
    return json.dumps([{"Key": key, "Value": "4711", "Status": status, "Message": message}])


def test_the_recorded_shapes_are_read(fixture) -> None:
    assert entries_in(fixture("write_result")) == (Entry("OrderID", "4711", 200, "updated successfully"),)
    assert [entry.is_good for entry in entries_in(fixture("partial_result"))] == [True, False]
    assert [entry.is_good for entry in entries_in(fixture("read_error"))] == [False]


@pytest.mark.parametrize(
    ("status", "text", "expected", "field"),
    [
        (400, body("Not updated. Requested Change Status not allowed"), Rejected, "status"),
        (400, body("not updated. requested change status NOT allowed"), Rejected, "status"),
        (400, body("BillingPaymentMethodID does not exist"), Misconfigured, None),
        (400, body("CustomerID is required"), Rejected, "customer"),
        (400, body("CatalogID does not exist", status=400), Rejected, "product"),
        (400, body("InvoiceNumber already exists"), AlreadyThere, ""),
        (400, body("Email already exists", key="CustomerID"), AlreadyThere, "email"),
        (400, body("not found", status="404"), NotFound, ""),
        (403, '{"Message":"Invalid API credentials"}', NeedsReauthorisation, None),
        (403, body("The store is not active", key="Error", status="403"), Unavailable, None),
        (403, "", Misconfigured, None),
        (501, "", Misconfigured, None),
    ],
)
def test_each_refusal_has_its_class_and_names_the_field(
    status: int, text: str, expected: type[ChannelError], field: str | None
) -> None:
    found = explain(status, {}, text)

    assert type(found) is expected
    assert field is None or getattr(found, "field", None) == field
    assert found.message


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (400, ""),
        (400, "<html>"),
        (401, body("x")),
        (404, ""),
        (404, body("No records found")),
        (429, body("x")),
        (500, ""),
    ],
)
def test_all_else_is_left_to_the_shared_table(status: int, text: str) -> None:
    assert explain(status, {}, text) is None


def test_a_refusal_without_words_still_makes_a_sentence() -> None:
    assert refusal(Entry("OrderID", "", 400, "")).message == "The store refused this: no reason given."


@pytest.mark.parametrize("text", ["", "<html></html>", '[{"Key":"OrderID"', "{}", "[]", "7"])
def test_a_write_whose_answer_cannot_be_read_is_unclear(text: str) -> None:
    with pytest.raises(UnclearOutcome):
        written(Answer(200, {}, text, "http://x"))


@pytest.mark.parametrize("text", ["", "<html>", "null", "[1]", "{}"])
def test_no_entries_are_made_up(text: str) -> None:
    assert entries_in_text(text) == ()


def test_the_clocks_are_compared_by_the_answers_date(time_machine) -> None:
    time_machine.move_to(datetime(2026, 6, 14, 12, 5, 0, tzinfo=UTC), tick=False)

    assert _clock_difference(Answer(200, {"Date": "Sun, 14 Jun 2026 12:00:00 GMT"}, "", "")) == 300
    assert _clock_difference(Answer(200, {}, "", "")) is None
    assert _clock_difference(Answer(200, {"Date": "yesterday"}, "", "")) is None
