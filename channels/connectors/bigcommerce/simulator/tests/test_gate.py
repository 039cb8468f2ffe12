"""Authentication, error families and the order of checks."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from channels.connectors.bigcommerce.simulator.tests.conftest import BASE, HASH, Store


def test_a_wrong_path_is_a_text_404_even_without_a_token(store: Store) -> None:
    response = store.session.get(f"{BASE}/stores/{HASH}/v3/nothing")

    assert (response.status_code, response.text) == (404, "The route is not found, check the URL")
    assert response.headers["Content-Type"].startswith("text/plain")


def test_a_method_that_a_path_does_not_have_is_a_text_404(store: Store) -> None:
    assert store.call("DELETE", "/v2/store").text == "The route is not found, check the URL"


def test_patch_does_not_exist(store: Store) -> None:
    assert store.call("PATCH", "/v2/orders/1", {"status_id": 2}).status_code == 501


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({}, "X-Auth-Token header is required"),
        ({"X-Auth-Token": ""}, "X-Auth-Token header should have correct format"),
    ],
)
def test_a_missing_or_empty_token_is_answered_in_plain_text(store: Store, headers: Any, text: str) -> None:
    response = store.session.get(f"{BASE}/stores/{HASH}/v2/time", headers=headers)

    assert (response.status_code, response.text) == (401, text)


def test_an_unknown_token_is_a_json_401(store: Store) -> None:
    response = store.call("GET", "/v2/time", headers={"X-Auth-Token": "nobody"})

    assert response.status_code == 401
    assert response.json()["title"] == "Unauthorized"


def test_a_revoked_token_stops_working_and_its_webhooks_are_gone(store: Store) -> None:
    store.call("POST", "/v3/hooks", {"scope": "store/order/*", "destination": "https://portal.example.com/h"})
    store.door("POST", f"/stores/{HASH}/revoke")
    assert store.call("GET", "/v3/hooks").json()["title"].startswith("Unauthorized - the v3 Auth client ID")

    store.door("POST", f"/stores/{HASH}/restore")

    assert store.get("/v3/hooks")["data"] == []


def test_the_token_of_another_store_is_a_403_that_reads_like_a_missing_scope(store: Store) -> None:
    other = store.door("POST", "/stores", {"id": "other"}).json()["credentials"]["access_token"]

    response = store.call("GET", "/v2/store", headers={"X-Auth-Token": other})

    assert response.status_code == 403
    assert response.json()["title"] == "You don't have a required scope to access the endpoint"


def test_a_read_only_scope_reads_and_does_not_write(store: Store) -> None:
    store.door("POST", f"/stores/{HASH}/scopes", {"granted": ["store_v2_orders_read_only"]})

    assert store.call("GET", "/v2/orders").status_code == 204
    assert store.call("POST", "/v2/orders", {}).status_code == 403
    assert store.call("GET", "/v3/catalog/products").status_code == 403
    assert store.call("GET", "/v3/hooks").status_code == 200


def test_the_older_scope_error_of_v2_is_a_switch(store: Store) -> None:
    store.door("POST", f"/stores/{HASH}/scopes", {"granted": []})
    store.switch(v2_scope_error_old=True)

    answer = store.call("GET", "/v2/orders").json()

    assert answer == {"error": "You are authorized but your scope does not include this resource."}


@pytest.mark.parametrize(("mode", "status"), [("503", 503), ("suspended", 503), ("html", 503)])
def test_a_store_that_is_down_answers_503(store: Store, mode: str, status: int) -> None:
    store.door("POST", f"/stores/{HASH}/down", {"mode": mode})

    response = store.call("GET", "/v2/store")

    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html" if mode == "html" else "application/json")


def test_a_store_that_hangs_times_out(store: Store) -> None:
    store.door("POST", f"/stores/{HASH}/down", {"mode": "timeout"})

    with pytest.raises(requests.ReadTimeout):
        store.call("GET", "/v2/store")


def test_the_scope_is_checked_before_a_store_that_is_down(store: Store) -> None:
    store.door("POST", f"/stores/{HASH}/scopes", {"granted": []})
    store.door("POST", f"/stores/{HASH}/down", {"mode": "503"})

    assert store.call("GET", "/v2/store").status_code == 403


def test_malformed_json_is_a_v2_array_on_v2_and_an_object_on_v3(store: Store) -> None:
    headers = {"Content-Type": "application/json"}

    second = store.call("POST", "/v2/orders", data="{", headers=headers)
    third = store.call("POST", "/v3/catalog/products", data="{", headers=headers)

    assert (second.status_code, second.json()[0]["message"]) == (400, "Input is invalid.")
    assert (third.status_code, third.json()["title"]) == (400, "Input is invalid.")


def test_another_content_type_is_a_415_and_another_accept_a_406(store: Store) -> None:
    assert store.call("POST", "/v2/orders", data="a=1").status_code == 415
    assert store.call("GET", "/v2/orders", headers={"Accept": "application/xml"}).status_code == 406


def test_an_object_that_is_not_there_is_a_404_in_the_family_of_its_path(store: Store) -> None:
    assert store.call("GET", "/v2/orders/9").json()[0]["status"] == 404
    assert store.call("GET", "/v3/catalog/products/9").json()["status"] == 404


def test_time_and_store_describe_the_store(store: Store) -> None:
    assert store.get("/v2/time") == {"time": int(store.clock.now.timestamp())}

    profile = store.get("/v2/store")

    assert (profile["id"], profile["name"], profile["currency"], profile["status"]) == (HASH, "Kingsway", "GBP", "live")
    assert profile["timezone"]["raw_offset"] == 0
    assert profile["timezone"]["dst_correction"] is True
