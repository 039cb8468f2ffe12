"""How a store lets us in: the consent page, the pasted token, and the call of our app's address (vendor reference, sections 1.3 and 1.4)."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from channels.connectors.shift4shop.address import USUAL_ENDINGS, clean_address, normalise_host
from channels.contract import AddressCheck, AppCall, AppEvent, StoreConnector
from channels.errors import Misconfigured, NeedsReauthorisation, Rejected, UnexpectedPayload
from channels.http import Http

_KEY = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://)?[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)
_LABELLED = re.compile(
    r"[\"']?(public ?key|private ?key|token ?(?:key)?|access ?token|secure ?url)[\"']?\s*[:=]\s*[\"']?(\S+?)[\"',;]*\s*(?:$|[\n,;}])",
    re.I | re.M,
)
_NAMES = {
    "privatekey": "private_key",
    "token": "token",
    "tokenkey": "token",
    "accesstoken": "token",
    "secureurl": "secure_url",
}
REFUSED = "The store did not let us in. Connect it again; nothing was saved."


@dataclass(frozen=True, slots=True)
class Callback:
    """What the vendor tells our app's address when a merchant authorises or removes it. Unsigned: try the token before trusting it."""

    is_removal: bool
    secure_url: str
    token: str


class Consent(StoreConnector):
    """Getting credentials."""

    @classmethod
    def clean_address(cls, typed: str) -> AddressCheck:
        return clean_address(typed)

    @classmethod
    def parse_paste(cls, text: str) -> dict[str, str]:
        """Token, Secure URL and private key in a pasted text: labelled, as JSON, or a lone key and a lone address. A public key is never taken for a token."""
        found, public_keys = _labelled(text)
        if "token" not in found:
            keys = [key for key in _KEY.findall(text) if key not in public_keys and key not in found.values()]
            if len(set(keys)) == 1:
                found["token"] = keys[0].lower()
        if "secure_url" not in found and (address := _address_in(text)):
            found["secure_url"] = address
        return found if {"token", "secure_url", "private_key"} & found.keys() else {}

    @classmethod
    def consent_url(
        cls, *, hosts: Mapping[str, str], app: Mapping[str, str], address: str, state: str, return_url: str
    ) -> str:
        """The page where the owner approves; with the store's address the browser goes straight to that store's admin."""
        query = {
            "client_id": app.get("public_key", ""),
            "redirect_uri": return_url,
            "state": state,
            "response_type": "code",
        }
        if host := normalise_host(address):
            query["store_url"] = f"https://{host}"
        return f"{hosts['api'].rstrip('/')}/oauth/authorize?{urlencode(query)}"

    @classmethod
    def redeem_consent(
        cls, *, http: Http, hosts: Mapping[str, str], app: Mapping[str, str], query: Mapping[str, str], return_url: str
    ) -> dict[str, str]:
        """The access token for the code of the return trip; it has no expiry and names shop and app by itself.

        Raises NeedsReauthorisation when the owner or the vendor refused, Misconfigured when our own app's key is wrong.
        """
        code = query.get("code", "")
        if query.get("error") or not code:
            raise NeedsReauthorisation(REFUSED, detail=query.get("error", ""))
        form = {
            "code": code,
            "client_id": app.get("public_key", ""),
            "client_secret": app.get("private_key", ""),
            "grant_type": "authorization_code",
            "redirect_uri": return_url,
        }
        try:
            answer = http.post(f"{hosts['api'].rstrip('/')}/oauth/token", form=form).json()
        except Rejected as error:
            raise _refusal(error) from error
        return {"access_token": _access_token(answer)}

    @classmethod
    def read_app_message(cls, body: bytes, *, app: Mapping[str, str]) -> AppCall:
        """The call of our CallBackURL. Nothing in it is signed: it is only a hint until the token was tried."""
        callback = read_callback(body, app=app)
        event = AppEvent.REMOVED if callback.is_removal else AppEvent.AUTHORISED
        credentials = {} if callback.is_removal else {"secure_url": callback.secure_url, "token": callback.token}
        return AppCall(event, address=callback.secure_url, credentials=credentials)


def read_callback(body: bytes, *, app: Mapping[str, str]) -> Callback:
    """A POST to our app's address. Raises UnexpectedPayload for another shape, Rejected when it is meant for another app."""
    try:
        values = json.loads(body)
        action, public_key = str(values["Action"]).upper(), str(values["PublicKey"])
        callback = Callback(
            action == "REMOVE", normalise_host(str(values["SecureURL"])), str(values.get("TokenKey") or "")
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnexpectedPayload("The call of our app's address is of another shape.", path="$") from error
    if action not in {"AUTHORIZE", "REMOVE"}:
        raise UnexpectedPayload("The call of our app's address names an unknown action.", path="$.Action")
    if not hmac.compare_digest(public_key.encode(), app.get("public_key", "").encode()):
        raise Rejected("This call is meant for another app.", field="PublicKey")
    return callback


def _access_token(answer: Any) -> str:
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not token:
        raise UnexpectedPayload("The store answered without an access token.", path="$.access_token")
    return str(token)


def _refusal(error: Rejected) -> Exception:
    if "invalid_client" in error.detail:
        return Misconfigured(
            "Shift4Shop does not accept the key of our app. We have to look at it.", detail=error.detail
        )
    return NeedsReauthorisation(REFUSED, status=error.status, detail=error.detail)


def _labelled(text: str) -> tuple[dict[str, str], set[str]]:
    found: dict[str, str] = {}
    public_keys: set[str] = set()
    for label, value in _LABELLED.findall(text):
        name = re.sub(r"[^a-z]", "", label.lower())
        if name == "publickey":
            public_keys.add(value)
        elif name in _NAMES:
            found[_NAMES[name]] = clean_address(value).cleaned if name == "secureurl" else value.strip("\"'")
    return found, public_keys


def _address_in(text: str) -> str:
    hosts = [clean_address(found).cleaned for found in _ADDRESS.findall(text)]
    return next((host for host in hosts if host.endswith(USUAL_ENDINGS)), "")
