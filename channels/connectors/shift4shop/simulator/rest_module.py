"""The merchant's REST API module: paste the app's public key, save, authorise; the app hears of it (section 1.3).

The call of the app's CallBackURL is made while nothing is locked, since a careful app tries the token at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from channels.connectors.shift4shop.simulator import times
from channels.connectors.shift4shop.simulator.world import PORTAL, Shop, World

OWN_TRANSACTION = frozenset({"admin.authorise_module", "admin.remove_module", "sim_shop.authorise", "sim_shop.remove"})
CALLBACK_TIMEOUT = 20.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, as a sentence for the merchant; `post_back` is a page that the app asks to open."""

    ok: bool
    sentence: str
    post_back: str = ""
    token: str = ""


def authorise(world: World, shop: Shop) -> Outcome:
    """Issue a token for the app whose public key the merchant saved, unless the app's server does not answer 200."""
    app = world.app()
    if shop.document["module_key"] != app["public_key"]:
        return Outcome(False, "No app has this public key. Copy it from the developer portal, paste it here and save.")
    with world.documents.transaction():
        token = world.issue_token(shop, kind="module")
    if not app["callback_url"]:
        return Outcome(True, f"{app['name']} may use this store now. Its token is below.", token=token)
    status, post_back = _call(world, shop, token, action="AUTHORIZE")
    if status != 200:
        with world.documents.transaction():
            world.documents.delete(PORTAL, "tokens", token)
        return Outcome(
            False, f"The server of {app['name']} does not respond ({status or 'no answer'}). Nothing was saved."
        )
    return Outcome(True, f"{app['name']} may use this store now, and it was told so.", post_back, token)


def remove(world: World, shop: Shop) -> Outcome:
    """Take the module's tokens away and tell the app."""
    app = world.app()
    tokens = [token for token in world.tokens(shop) if token["kind"] == "module"]
    with world.documents.transaction():
        for token in tokens:
            world.documents.delete(PORTAL, "tokens", token["token"])
        shop.update(module_key="")
    if tokens and app["callback_url"]:
        _call(world, shop, tokens[-1]["token"], action="REMOVE")
    return Outcome(True, f"{app['name']} cannot use this store any more by its token.")


def real_address(world: World, url: str) -> str | None:
    """Where a public address really is: by the host table, or as it stands when it is on this machine."""
    if urlsplit(url).hostname in _LOOPBACK:
        return url
    return world.parts.hooks.resolve(url)


def _call(world: World, shop: Shop, token: str, *, action: str) -> tuple[int, str]:
    """POST to the CallBackURL; the HTTP status (0 = none) and the PostBackURL of the answer."""
    app = world.app()
    address = real_address(world, app["callback_url"])
    if address is None:
        return 0, ""
    body = {
        "PublicKey": app["public_key"],
        "TimeStamp": times.eastern_stamp(world.parts.clock.now()),
        "TokenKey": token,
        "Action": action,
        "SecureURL": shop.secure_url,
    }
    headers = {"X-Forwarded-Host": urlsplit(app["callback_url"]).netloc, "X-Forwarded-Proto": "https"}
    if address == app["callback_url"]:
        headers = {}
    try:
        response = world.parts.hooks.session.post(
            address, json=body, headers=headers, timeout=CALLBACK_TIMEOUT, allow_redirects=False
        )
    except requests.RequestException:
        return 0, ""
    return response.status_code, _post_back(response)


def _post_back(response: requests.Response) -> str:
    try:
        answer: Any = response.json()
    except ValueError:
        return ""
    address = str(answer.get("PostBackURL") or "") if isinstance(answer, dict) else ""
    return address if address.startswith(("https://", "http://")) else ""
