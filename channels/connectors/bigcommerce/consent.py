"""Installing as an app: the code of the return trip becomes a token (vendor reference, section 1.4)."""

from __future__ import annotations

from collections.abc import Mapping

from channels.connectors.bigcommerce.client import HASH
from channels.connectors.bigcommerce.part import Part
from channels.errors import NeedsReauthorisation, Rejected, UnexpectedPayload
from channels.http import Http


class ConsentPart(Part):
    """The exchange of a one-time code. It begins at BigCommerce's marketplace, so there is no page of ours to send people to."""

    @classmethod
    def redeem_consent(
        cls, *, http: Http, hosts: Mapping[str, str], app: Mapping[str, str], query: Mapping[str, str], return_url: str
    ) -> dict[str, str]:
        form = {
            "client_id": app.get("client_id", ""),
            "client_secret": app.get("client_secret", ""),
            "code": query.get("code", ""),
            "scope": query.get("scope", ""),
            "context": query.get("context", ""),
            "grant_type": "authorization_code",
            "redirect_uri": return_url,
        }
        try:
            answer = http.post(f"{hosts.get('login', '').rstrip('/')}/oauth2/token", body=form).json()
        except Rejected as error:
            raise NeedsReauthorisation(
                "BigCommerce no longer accepts this approval. Open the app in the control panel once more.",
                status=error.status,
                detail=error.detail,
            ) from error
        return _credentials(answer, app)


def _credentials(answer: object, app: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(answer, dict) or not answer.get("access_token"):
        raise UnexpectedPayload("BigCommerce approved but sent no access token.", path="$.access_token")
    store_hash = str(answer.get("context") or "").removeprefix("stores/")
    if not HASH.match(store_hash):
        raise UnexpectedPayload("BigCommerce approved but did not name the store.", path="$.context")
    return {
        "store_hash": store_hash,
        "access_token": str(answer["access_token"]),
        "client_id": app.get("client_id", ""),
        "client_secret": app.get("client_secret", ""),
    }
