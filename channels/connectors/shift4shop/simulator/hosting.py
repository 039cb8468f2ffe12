"""The shop's own host: the API is not there, asking for it ends in a chain of redirects (section 1.1)."""

from __future__ import annotations

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from channels.connectors.shift4shop.simulator.api import is_api
from channels.connectors.shift4shop.simulator.world import this_world

LOST_PAGE = "/myaccount.asp"


def mount(app: Flask) -> None:
    """Put the redirects in front of everything else."""
    app.before_request(_send_in_circles)


def _send_in_circles() -> Response | BaseResponse | None:
    if not (is_api(request.path) or request.path == LOST_PAGE):
        return None
    world = this_world()
    if not world.switches.on("shop_host_redirects") or world.shop_at(request.host) is None:
        return None
    return redirect(f"{LOST_PAGE}?404")
