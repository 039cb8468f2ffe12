"""The simulator over real HTTP, as the sandbox and the drills use it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import requests

from channels.connectors.shift4shop.simulator import create_app
from channels.simkit.server import build_server


@pytest.fixture
def address() -> Iterator[str]:
    server = build_server(create_app())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()


@pytest.fixture
def headers(address: str) -> dict[str, str]:
    given = requests.post(f"{address}/_sim/stores", json={"name": "Shop"}, timeout=5).json()["credentials"]
    return {"Authorization": f"Bearer {given['access_token']}", "Accept": "application/json"}


def test_a_connection_is_kept_over_several_calls(address: str, headers: dict[str, str]) -> None:
    with requests.Session() as session:
        answers = [session.get(f"{address}/3dCartWebAPI/v2/OrderStatus", headers=headers, timeout=5) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]


def test_a_write_can_be_cut_after_it_was_done(address: str, headers: dict[str, str]) -> None:
    requests.post(f"{address}/_sim/faults", json={"name": "cut_after", "method": "POST"}, timeout=5)
    customers = f"{address}/3dCartWebAPI/v2/Customers"
    with pytest.raises(requests.ConnectionError):
        requests.post(customers, json={"Email": "a@b.example"}, headers=headers, timeout=5)
    assert requests.get(f"{customers}?countonly=1", headers=headers, timeout=5).json() == {"TotalCount": 1}


def test_half_an_answer_is_noticed(address: str, headers: dict[str, str]) -> None:
    requests.post(f"{address}/_sim/faults", json={"name": "truncated"}, timeout=5)
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        requests.get(f"{address}/3dCartWebAPI/v2/OrderStatus", headers=headers, timeout=5)
