"""The state door's parts that are alike for every vendor: switches, faults, calls, hooks, health. Loopback only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, jsonify, make_response, request

from channels.simkit.app import Parts

PREFIX = "/_sim"
_LOOPBACK = frozenset({None, "127.0.0.1", "::1"})


def guard_local() -> None:
    """Refuse (403) callers from elsewhere, and browsers that another site sent here."""
    if request.remote_addr not in _LOOPBACK:
        abort(make_response(jsonify(error="The state door answers this machine only."), 403))
    if request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"} and request.method != "GET":
        abort(make_response(jsonify(error="The state door takes no calls from other sites."), 403))


def read_json(kind: type | tuple[type, ...] = dict) -> Any:
    """The JSON body of a door call; answers 400 with a sentence when it is not of that kind."""
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, kind):
        refuse("The body is not the JSON expected here.")
    return body


def refuse(sentence: str, status: int = 400) -> None:
    """End the call with an error sentence."""
    abort(make_response(jsonify(error=sentence), status))


def common_door(parts: Parts) -> Blueprint:
    """The blueprint with `/switches`, `/faults`, `/calls`, `/hooks`, `/clock` and `/health`; mount it at `PREFIX`."""
    door = Blueprint("sim_common", __name__)
    door.before_request(guard_local)
    _add_clock(door, parts)
    _add_switches(door, parts)
    _add_faults(door, parts)
    _add_traffic(door, parts)
    return door


def _add_clock(door: Blueprint, parts: Parts) -> None:
    @door.get("/health")
    def health() -> Response:
        return jsonify(ok=True, now=parts.clock.now().isoformat(), time_scale=parts.clock.time_scale)

    @door.post("/clock")
    def set_clock() -> Response:
        """`advance_seconds` skips time; `skew_seconds` sets the wall clock wrong by so much, 0 right again."""
        asked = read_json()
        parts.clock.advance(float(asked.get("advance_seconds", 0)))
        parts.clock.skew = float(asked.get("skew_seconds", parts.clock.skew))
        return jsonify(now=parts.clock.now().isoformat())


def _add_switches(door: Blueprint, parts: Parts) -> None:
    @door.get("/switches")
    def switches() -> Response:
        return jsonify(parts.switches.describe())

    @door.put("/switches")
    def set_switches() -> Response:
        try:
            parts.switches.update(read_json())
        except ValueError as error:
            refuse(str(error))
        return jsonify(parts.switches.describe())

    @door.delete("/switches")
    def reset_switches() -> Response:
        parts.switches.reset()
        return jsonify(parts.switches.describe())


def _add_faults(door: Blueprint, parts: Parts) -> None:
    @door.get("/faults")
    def faults() -> Response:
        return jsonify(parts.faults.armed())

    @door.post("/faults")
    def arm() -> Response:
        body = read_json((dict, list))
        try:
            armed = [parts.faults.arm(item) for item in (body if isinstance(body, list) else [body])]
        except (ValueError, TypeError) as error:
            refuse(str(error))
        return jsonify([fault.as_dict() for fault in armed])

    @door.delete("/faults")
    def disarm() -> Response:
        parts.faults.clear()
        return jsonify([])


def _add_traffic(door: Blueprint, parts: Parts) -> None:
    @door.get("/calls")
    def calls() -> Response:
        return jsonify(parts.calls.listed(request.args.get("store")))

    @door.delete("/calls")
    def forget_calls() -> Response:
        parts.calls.clear()
        return jsonify([])

    @door.get("/hooks")
    def hooks() -> Response:
        return jsonify(parts.hooks.listed(request.args.get("store")))

    @door.post("/hooks/deliver")
    def deliver() -> Response:
        return jsonify(attempts=parts.hooks.deliver_due())
