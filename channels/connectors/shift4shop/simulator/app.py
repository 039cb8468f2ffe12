"""The simulator as one WSGI application: API, consent, portal and admin pages, state door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, request
from werkzeug.datastructures import EnvironHeaders

from channels.connectors.shift4shop.simulator import (
    answers,
    api,
    auth,
    door,
    door_edits,
    framing,
    hosting,
    oauth,
    pages,
    rest_module,
)
from channels.connectors.shift4shop.simulator.bucket import Buckets
from channels.connectors.shift4shop.simulator.switchboard import SWITCHES
from channels.connectors.shift4shop.simulator.world import (
    DEFAULT_PERMISSIONS,
    INDEXES,
    WORLD,
    World,
    demo_key,
)
from channels.simkit.app import SimFlask, build_parts
from channels.simkit.clock import SimClock
from channels.simkit.door import PREFIX, common_door
from channels.simkit.hooks import HOOK_SWITCHES, Delivery, HookPolicy
from channels.simkit.store import DocumentStore
from channels.simkit.switches import Switches
from channels.simkit.wire import Wire

STALL_SECONDS = 120.0
UNKNOWN_CALLER = "unknown"
RETRY_SECONDS = 60.0


class ShopFlask(SimFlask):
    """Requests that call the developer's server must not hold the memory meanwhile: it may call the API back."""

    def full_dispatch_request(self) -> Response:
        """Dispatch inside a transaction, but for the endpoints that open their own."""
        if request.endpoint in rest_module.OWN_TRANSACTION:
            return Flask.full_dispatch_request(self)
        return super().full_dispatch_request()


class SwitchedRetries(Sequence[float]):
    """The retry schedule as the switch has it when an attempt fails; no retries are known of this vendor."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches

    def __len__(self) -> int:
        return int(self._switches.number("webhook_retries"))

    def __getitem__(self, index: int | slice) -> float:  # type: ignore[override]  # nobody slices it
        return RETRY_SECONDS


def create_app(
    state: str = ":memory:",
    time_scale: float = 1.0,
    hook_hosts: Mapping[str, str] | None = None,
    deliver_hooks: bool = False,
    now: Callable[[], datetime] | None = None,
    *,
    public_key: str = "",
    private_key: str = "",
    callback_url: str = "",
    redirect_uri: str = "",
) -> Flask:
    """Build the simulator.

    `state` is an SQLite file; `time_scale` speeds up leaks and waits; `hook_hosts` maps webhook host names to real
    addresses; `now` gives aware times. The last four describe the developer's app; what is left out keeps the value
    in `state`, or a demo key.
    """
    parts = build_parts(
        state=state,
        time_scale=time_scale,
        now=now,
        switches=SWITCHES + HOOK_SWITCHES,
        indexes=INDEXES,
        policy=_policy,
        hook_hosts=hook_hosts or {},
    )
    world = World(parts, Buckets(clock=parts.clock, switches=parts.switches))
    addresses = {"callback_url": callback_url, "redirect_uri": redirect_uri}
    _prepare_developer_app(world, {"public_key": public_key, "private_key": private_key, **addresses})
    app = _mounted(world)
    if deliver_hooks:
        parts.hooks.start()
    return app


def _mounted(world: World) -> ShopFlask:
    """The application with everything that it serves: API, consent, pages, state door."""
    app = ShopFlask(__name__)
    app.parts = world.parts
    app.extensions[WORLD] = world
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's usual provider
    for module in (framing, api, hosting, oauth, pages):
        module.mount(app)
    for routes in (common_door(world.parts), door.routes, door_edits.routes):
        app.register_blueprint(routes, url_prefix=PREFIX)
    _wrap(app, world)
    return app


def _policy(documents: DocumentStore, clock: SimClock, switches: Switches) -> HookPolicy:
    def headers(delivery: Delivery, at: datetime) -> dict[str, str]:
        return {"Content-Type": str(delivery.about.get("content_type", "application/json"))}

    return HookPolicy(retries=SwitchedRetries(switches), headers=headers)


def _prepare_developer_app(world: World, given: Mapping[str, str]) -> None:
    fresh = {
        "name": "Tradelane",
        "public_key": demo_key("public"),
        "private_key": demo_key("private"),
        "callback_url": "",
        "redirect_uri": "",
        "permissions": DEFAULT_PERMISSIONS,
    }
    world.save_app({**fresh, **world.app(), **{key: value for key, value in given.items() if value}})


def _wrap(app: Flask, world: World) -> None:
    def caller_of(environ: WSGIEnvironment) -> auth.Caller | None:
        return auth.identify(world, EnvironHeaders(environ))

    def store_of(environ: WSGIEnvironment) -> str | None:
        path = environ["PATH_INFO"].lower()
        if path == "/oauth/token":
            return UNKNOWN_CALLER
        if not api.is_api(path):
            return None
        caller = caller_of(environ)
        return caller.shop.id if caller else UNKNOWN_CALLER

    def stalls(environ: WSGIEnvironment) -> float:
        caller = caller_of(environ) if api.is_api(environ["PATH_INFO"]) else None
        return STALL_SECONDS if caller and caller.shop.document["down"] == "timeout" else 0.0

    def answer(name: str, environ: WSGIEnvironment) -> Response:
        with app.request_context(environ):
            return _fault_answer(world, name)

    app.wsgi_app = Wire(  # type: ignore[method-assign]  # as Flask's manual wraps it
        _any_case(app.wsgi_app),
        clock=world.parts.clock,
        faults=world.parts.faults,
        calls=world.parts.calls,
        store_of=store_of,
        answer=answer,
        stalls=stalls,
    )


def _fault_answer(world: World, name: str) -> Response:
    answer = {
        "rate_limited": lambda: auth.too_many(world),
        "rate_limited_bare": lambda: auth.too_many(world, bare=True),
        "unavailable": lambda: answers.nothing(503),
        "error_after": lambda: answers.nothing(500),
    }
    return answer[name]()


def _any_case(app: WSGIApplication) -> WSGIApplication:
    """Paths of the API are compared without case and without a slash at the end, as the vendor's framework does."""

    def lowered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if api.is_api(environ["PATH_INFO"]):
            environ["PATH_INFO"] = environ["PATH_INFO"].lower().rstrip("/")
        return app(environ, start_response)

    return lowered
