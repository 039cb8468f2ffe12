"""No secret reaches a log line."""

from __future__ import annotations

import json
import logging

import structlog

from portal.lib.logs import HIDDEN, JsonFormatter, redact, redact_event


def test_values_whose_key_sounds_like_a_secret_are_hidden_at_any_depth():
    told = redact({"store": "acme", "credentials": {"x": 1}, "rows": [{"access_token": "abc", "sku": "71053"}]})
    assert told == {"store": "acme", "credentials": HIDDEN, "rows": [{"access_token": HIDDEN, "sku": "71053"}]}


def test_tokens_in_addresses_are_cut_out():
    event = redact_event(None, "info", {"request": "GET /invitations/Xk3vQ8mXw2T0ZrYb6NfLhS1uDcEaGj/accept/"})
    assert event["request"] == f"GET /invitations/{HIDDEN}/accept/"


def test_a_log_line_is_json_without_the_secret():
    record = logging.LogRecord("channels", logging.INFO, __file__, 1, "connected", None, None)
    record.data = {"integration": 7, "token": "abc"}
    line = json.loads(JsonFormatter().format(record))
    assert (line["message"], line["integration"], line["token"]) == ("connected", 7, HIDDEN)


def test_request_lines_pass_the_same_redaction():
    assert redact_event in structlog.get_config()["processors"]
