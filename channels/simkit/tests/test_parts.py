"""Clock, switches, faults, webhook queue and server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from werkzeug.wrappers import Request, Response

from channels.simkit.adapter import WsgiAdapter
from channels.simkit.clock import SimClock
from channels.simkit.faults import Faults
from channels.simkit.hooks import HOOK_SWITCHES, HookPolicy, HookQueue
from channels.simkit.server import build_server
from channels.simkit.switches import Switch, Switches
from channels.simkit.wire import CallLog, Wire


def test_spans_are_scaled_and_now_is_aware() -> None:
    clock = SimClock(20, time=lambda: 1_000_000.0)
    clock.advance(5)

    assert clock.scaled(30) == 1.5
    assert clock.now().isoformat() == "1970-01-12T13:46:45+00:00"


def test_a_wrong_wall_clock_shows_in_stamps_and_not_in_spans() -> None:
    clock = SimClock(time=lambda: 1_000_000.0)
    clock.skew = -45.0

    assert clock.now().isoformat() == "1970-01-12T13:45:55+00:00"
    assert clock.time() == 1_000_000.0


def test_a_time_scale_must_be_above_zero() -> None:
    with pytest.raises(ValueError, match="above zero"):
        SimClock(0)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"unheard": True}, "there is no switch 'unheard'"),
        ({"quick": "yes"}, "quick takes a bool"),
        ({"count": True}, "count takes a int"),
        ({"mode": "c"}, "mode is one of a, b"),
        ({"quick": True, "mode": "c"}, "mode is one of a, b"),
    ],
)
def test_a_switch_takes_only_what_fits_and_then_all_or_nothing(values: dict[str, Any], sentence: str) -> None:
    switches = Switches(
        [
            Switch("quick", False, ""),
            Switch("count", 0, ""),
            Switch("mode", "a", "", ("a", "b")),
            Switch("part", 0.5, ""),
        ]
    )

    with pytest.raises(ValueError, match=sentence):
        switches.update(values)

    assert switches.on("quick") is False
    switches.update({"part": 1, "quick": True})
    assert (switches.number("part"), switches.on("quick")) == (1.0, True)


@pytest.mark.parametrize("values", [{"name": "fire"}, {"name": "slow", "colour": 1}, {"name": "slow", "path": "("}])
def test_a_fault_that_cannot_be_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="fault|pattern"):
        Faults().arm(values)


def test_a_fault_is_meant_for_a_store_a_method_and_a_path() -> None:
    faults = Faults()
    faults.arm({"name": "slow", "store": "a", "method": "post", "path": "orders$", "times": 1})

    struck = [
        faults.strike(method=method, path=path, store=store)
        for method, path, store in [
            ("GET", "/orders", "a"), ("POST", "/orders/1", "a"), ("POST", "/orders", "b"), ("POST", "/orders", "a"),
            ("POST", "/orders", "a"),
        ]
    ]  # fmt: skip

    assert [fault.name if fault else None for fault in struck] == [None, None, None, "slow", None]
    faults.clear()
    assert faults.armed() == []


def test_webhooks_go_only_to_hosts_of_the_table() -> None:
    switches = Switches(HOOK_SWITCHES)
    queue = HookQueue(
        clock=SimClock(), switches=switches, policy=HookPolicy(), hosts={"p.example": "http://127.0.0.1:8/"}
    )

    assert queue.resolve("https://p.example/hooks/x?y=1") == "http://127.0.0.1:8/hooks/x?y=1"
    assert queue.resolve("https://evil.example/hooks") is None


def test_a_webhook_that_stays_refused_is_given_up_after_its_retries() -> None:
    time = [0.0]
    clock = SimClock(10, time=lambda: time[0])
    heard: list[tuple[str, bool]] = []
    policy = HookPolicy(retries=(60, 120), attempted=lambda delivery, ok: heard.append((delivery.state, ok)))
    queue = HookQueue(clock=clock, switches=Switches(HOOK_SWITCHES), policy=policy)
    queue.put(store="s", url="https://nowhere.example/h", body=b"{}", label="x")

    for moment in (0, 5.9, 6, 17.9, 18, 1000):
        time[0] = moment
        queue.deliver_due()

    assert heard == [("waiting", False), ("waiting", False), ("gave up", False)]
    assert queue.waiting() == 0


@pytest.fixture
def echo() -> Iterator[str]:
    """A served application that answers the length of the body; its address."""

    @Request.application
    def app(request: Request) -> Response:
        return Response("x" * 1000 + str(len(request.get_data())))

    wire = Wire(
        app,
        clock=SimClock(),
        faults=Faults(),
        calls=CallLog(),
        store_of=lambda environ: "s",
        answer=lambda name, environ: Response(name, status=503),
    )
    server = build_server(wire)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_connection_is_kept_and_stays_in_step_with_unread_bodies(echo: str) -> None:
    with requests.Session() as session:
        answers = [session.post(echo, data=b"a" * size).text[1000:] for size in (0, 5, 70_000)]

    assert answers == ["0", "5", "70000"]


def test_the_server_answers_in_http_1_1(echo: str) -> None:
    host, port = echo.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

        assert raw.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("cut_before", requests.ConnectionError),
        ("cut_after", requests.ConnectionError),
        ("truncated", requests.exceptions.ChunkedEncodingError),
    ],
)
def test_a_cut_ends_alike_over_http_and_in_process(fault: str, error: type[Exception]) -> None:
    faults = Faults()
    wire = Wire(
        Response("x" * 1000),
        clock=SimClock(),
        faults=faults,
        calls=CallLog(),
        store_of=lambda environ: "s",
        answer=lambda name, environ: Response(name, status=503),
    )
    faults.arm({"name": fault, "times": 2})
    server = build_server(wire)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    session = requests.Session()
    session.mount("https://", WsgiAdapter(wire))

    for address in (f"http://127.0.0.1:{server.server_port}/", "https://in.process/"):
        with pytest.raises(error):
            session.get(address, timeout=5)

    assert session.get("https://in.process/").status_code == 200
    server.shutdown()
    server.server_close()


def test_cookies_work_in_process() -> None:
    @Request.application
    def app(request: Request) -> Response:
        response = Response(request.cookies.get("seen", "no"))
        response.set_cookie("seen", "yes")
        return response

    session = requests.Session()
    session.mount("https://", WsgiAdapter(app))

    assert [session.get("https://x.example/").text for _ in range(2)] == ["no", "yes"]
