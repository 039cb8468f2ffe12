"""Talking to the service: addresses, the two ways to sign in, lists, single records and writes. Vendor words in, vendor dicts out.

The API is served by one host for all stores; the store is named by headers (vendor reference, section 1). A typed address is a header and never a place
that we connect to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from channels.connectors.shift4shop.address import normalise_host
from channels.connectors.shift4shop.answers import Entry, written
from channels.connectors.shift4shop.errors import explain, refusal
from channels.connectors.shift4shop.paging import Pages
from channels.connectors.shift4shop.rows import Row, area_of, is_nothing, rows_in
from channels.contract import Session
from channels.errors import ChannelError, Misconfigured, NeedsReauthorisation, NotFound, Rejected, UnexpectedPayload
from channels.http import Answer

VERSION = "v2"
SETTINGS_AREA = "StoreSettings"
# The greatest ``limit`` of each list (section 2.2); the default hides rows, so it is always sent.
LIMITS = {"Orders": 300, "Products": 200}
OTHER_LIMIT = 500
# The most records one PUT takes (section 2.2).
BATCH = 100

Params = Mapping[str, Any]


class Client:
    """One store's API. Every method raises channels.errors only."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.http = session.http
        self.http.explain = self.http.explain or explain
        self.base = f"{session.hosts['api'].rstrip('/')}/3dCartWebAPI/{session.settings.get('api_version') or VERSION}"

    # -- reading --
    def get(self, path: str, params: Params | None = None) -> Answer:
        """One GET below the base address."""
        try:
            return self.http.get(self.url(path), params=params, headers=self.headers())
        except (NeedsReauthorisation, Misconfigured) as error:
            raise self.diagnosed(error, path) from error

    def rows(self, path: str, params: Params | None = None) -> list[Row]:
        """The rows of a list; [] when nothing matches, which the service answers with 404, and past the end, with 400."""
        limit = {"limit": LIMITS.get(area_of(path), OTHER_LIMIT), "offset": 1}
        try:
            return rows_in(self.get(path, {**limit, **(params or {})}))
        except Rejected as error:
            if is_nothing(error):
                return []
            raise

    def walk(self, path: str, params: Params | None = None, *, key: str) -> Iterator[list[Row]]:
        """Every row of a long list, a page at a time; ``key`` is the dotted key that names a row."""
        return Pages(
            http=self.http,
            url=self.url(path),
            params=params or {},
            headers=self.headers(),
            limit=LIMITS.get(area_of(path), OTHER_LIMIT),
            key=key,
            count=lambda: self.count(path, params),
            explain=lambda error: self.diagnosed(error, path),
        ).walk()

    def one(self, path: str) -> Row:
        """One record, which comes in an array of one. Raises NotFound."""
        rows = rows_in(self.get(path))
        if not rows:
            raise NotFound("The store does not have this record any more.", status=404)
        return rows[0]

    def count(self, path: str, params: Params | None = None) -> int:
        """How many rows a list has; 0 is an answer, never a 404."""
        body = self.get(path, {**(params or {}), "countonly": 1}).json()
        first = body[0] if isinstance(body, list) and body else body
        try:
            return int(first["TotalCount"])
        except (KeyError, TypeError, ValueError) as error:
            raise UnexpectedPayload("The store did not tell how many records it has.", path="$.TotalCount") from error

    # -- writing --
    def put(self, path: str, body: Any) -> tuple[Entry, ...]:
        """Change records: the entries as they came, good and bad."""
        return self._write("PUT", path, body)

    def post(self, path: str, body: Any, params: Params | None = None) -> str:
        """Create one record: its id. Raises Rejected and its like, UnclearOutcome when there was no clear answer."""
        return only_good(self._write("POST", path, body, params))[0].value

    def delete(self, path: str) -> None:
        """Remove one record; one that is gone already is fine."""
        try:
            self.http.delete(self.url(path), headers=self.headers())
        except NotFound:
            return

    def _write(self, method: str, path: str, body: Any, params: Params | None = None) -> tuple[Entry, ...]:
        try:
            answer = self.http.send(method, self.url(path), body=body, params=params, headers=self.headers())
        except (NeedsReauthorisation, Misconfigured) as error:
            raise self.diagnosed(error, path) from error
        return written(answer)

    # -- signing in --
    def url(self, path: str) -> str:
        return f"{self.base}/{path}"

    def headers(self) -> dict[str, str]:
        """A bearer for a token from the consent page, the three headers for one from the store's module: they are not interchangeable.

        Raises NeedsReauthorisation when there is neither, Misconfigured when this installation has no app of its own.
        """
        credentials = self.session.credentials
        if access_token := credentials.get("access_token", "").strip():
            return {"Authorization": f"Bearer {_sendable(access_token)}"}
        token = credentials.get("token", "").strip()
        if not token:
            raise NeedsReauthorisation("There is no access token for this store. Connect it again.")
        private_key = credentials.get("private_key", "").strip() or self.session.app.get("private_key", "")
        if not private_key:
            raise Misconfigured(
                "This installation has no app key for Shift4Shop. Enter the private key of your own app, or ask us to add ours."
            )
        address = credentials.get("secure_url") or self.session.store_address
        return {
            "SecureURL": _sendable(normalise_host(address)),
            "PrivateKey": _sendable(private_key),
            "Token": _sendable(token),
        }

    def diagnosed(self, error: ChannelError, path: str) -> ChannelError:
        """The same error with the area that we called; a 401 for one area only is a missing permission, not a dead token."""
        area = area_of(path)
        if (
            isinstance(error, NeedsReauthorisation)
            and error.status == 401
            and area != SETTINGS_AREA
            and self._is_let_in()
        ):
            error = Misconfigured("", status=401, detail=error.detail)
        if isinstance(error, Misconfigured) and error.code == Misconfigured.code and not error.area:
            sentence = f"The store did not let us use {area}. Allow {area} for our app in the store, then check again."
            return Misconfigured(sentence, area=area, status=error.status, detail=error.detail)
        return error

    def _is_let_in(self) -> bool:
        try:
            self.http.get(self.url(SETTINGS_AREA), headers=self.headers())
        except ChannelError:
            return False
        return True


def only_good(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries when all of them were taken. Raises what the first bad one stands for."""
    for entry in entries:
        if not entry.is_good:
            raise refusal(entry)
    return entries


def _sendable(value: str) -> str:
    if not value or not value.isascii() or not value.isprintable():
        raise NeedsReauthorisation(
            "The access token or address has characters that cannot be right. Connect the store again."
        )
    return value
