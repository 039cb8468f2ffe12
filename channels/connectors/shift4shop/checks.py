"""The connection check: let in, the right store, its name read back, clocks, and every permission (vendor reference, sections 1.5 and 4.8).

A read is probed by counting, since counting answers 200 for nothing too; a write by changing the record 0, which does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial

from channels.connectors.shift4shop.address import is_same_store, normalise_host
from channels.connectors.shift4shop.base import Shift4ShopBase
from channels.connectors.shift4shop.mapping_store import store_info
from channels.connectors.shift4shop.rows import rows_in
from channels.connectors.shift4shop.times import iana_name, today
from channels.contract import Check, StoreInfo
from channels.errors import (
    ChannelError,
    Misconfigured,
    NeedsReauthorisation,
    RateLimited,
    Rejected,
    Unavailable,
    UnclearOutcome,
    UnexpectedPayload,
)
from channels.http import Answer
from portal.lib import clock

MENU = "Modules > REST API > Settings > Authorize"
CLOCK_TOLERANCE = 120.0


@dataclass(frozen=True, slots=True)
class Probe:
    """How one permission is tried: ``area`` as the vendor calls it."""

    area: str
    access: str
    is_optional: bool = False

    @property
    def name(self) -> str:
        return f"{self.area} ({self.access})"


PROBES = (
    Probe("Orders", "read"),
    Probe("Orders", "write"),
    Probe("OrderStatus", "read"),
    Probe("Products", "read"),
    Probe("Customers", "read"),
    Probe("Customers", "write"),
    Probe("Webhooks", "read", is_optional=True),
    Probe("Webhooks", "write", is_optional=True),
)
# Our own gate: tried only for a store that takes listings.
LISTING_PROBE = Probe("Products", "write")


class Checks(Shift4ShopBase):
    """Trying the credentials."""

    def check(self) -> Iterator[Check]:
        """Lines in the order in which they are tried; what cannot be tried after a failure is left out. Never raises ChannelError."""
        try:
            answer = self.client.get("StoreSettings")
            info = store_info(next(iter(rows_in(answer)), {}), typed=self.address)
        except ChannelError as error:
            yield self._not_let_in(error)
            return
        yield Check("Key accepted", True, "The store accepts our key.")
        yield from self._store_checks(info)
        yield from self._clock_checks(answer, info)
        probes = [*PROBES, LISTING_PROBE] if self._takes_listings else PROBES
        for probe in probes:
            yield self._permission(probe)

    @property
    def _takes_listings(self) -> bool:
        return str(self.session.settings.get("sells", "")).lower() in {"1", "yes", "true"}

    @property
    def _key_field(self) -> str:
        return "access_token" if self.session.credentials.get("access_token") else "token"

    def _not_let_in(self, error: ChannelError) -> Check:
        if isinstance(error, NeedsReauthorisation):
            sentence = "The store does not accept this key. It was taken away, or is of another store. Go back, check the secure URL, approve or paste again."
            return Check("Key accepted", False, sentence, menu=MENU, field=self._key_field, code=error.code)
        if isinstance(error, Misconfigured) and error.code == "wrong_address":
            return Check(
                "Store reached", False, "The address leads somewhere else.", field="secure_url", code=error.code
            )
        if isinstance(error, Misconfigured):
            sentence = error.message or "The store did not let us read its settings."
            return Check("StoreSettings (read)", False, sentence, menu=MENU, code=error.code)
        return Check(
            "Store reached", False, f"{error.message} Try again in a few minutes; nothing is lost.", code=error.code
        )

    # -- who --
    def _store_checks(self, info: StoreInfo) -> Iterator[Check]:
        expected = self._expected_store
        if expected and not is_same_store(info.store_id, expected):
            sentence = f"This key belongs to {info.name} ({info.store_id}), not to {expected}. Use a key of {expected}."
            yield Check("The right store", False, sentence, field="secure_url", code="another_store")
            return
        yield Check("The right store", True, f"This is {info.name}, {info.address}.")
        if info.currency:
            yield Check("Currency", True, f"The store's prices are in {info.currency}.")
        else:
            yield Check(
                "Currency", False, "The store has no currency in its settings. Set one there.", code="setting_missing"
            )

    @property
    def _expected_store(self) -> str:
        """The store that is connected already. Before that a bearer is held against what was typed; with the three headers the service itself did so."""
        typed = self.address if self.session.credentials.get("access_token") else ""
        return normalise_host(self.session.store_id) or typed

    # -- when --
    def _clock_checks(self, answer: Answer, info: StoreInfo) -> Iterator[Check]:
        chosen = iana_name(self.session.time_zone) or info.time_zone
        if chosen:
            yield Check("Store's time zone", True, f"The store's clock runs on {chosen}.", is_optional=True)
        else:
            sentence = (
                "The store does not tell its time zone in a usable form. Choose it, or orders may seem hours old."
            )
            yield Check("Store's time zone", None, sentence, field="time_zone", is_optional=True)
        if (difference := _clock_difference(answer)) is not None:
            is_close = difference <= CLOCK_TOLERANCE
            sentence = "Our clocks agree." if is_close else f"Our clocks differ by {difference:.0f} seconds."
            yield Check("Clock", is_close, sentence, is_optional=True)

    # -- what --
    def _permission(self, probe: Probe) -> Check:
        try:
            self._try(probe)
        except ChannelError as error:
            return _judged(probe, error)
        return _granted(probe)

    def _try(self, probe: Probe) -> None:
        """Raise what the store answers; NotFound on a write means that it let us in."""
        tries: dict[tuple[str, str], Callable[[], object]] = {
            ("Orders", "read"): partial(self.client.count, "Orders", {"datestart": today(clock.now(), self.zone)}),
            ("Webhooks", "read"): partial(self.client.count, "Webhooks/Events"),
        }
        if probe.access == "write":
            self.client.put(f"{probe.area}/0", {})
        else:
            tries.get((probe.area, probe.access), partial(self.client.count, probe.area))()


def _granted(probe: Probe) -> Check:
    return Check(probe.name, True, f"We may {probe.access} {probe.area}.", is_optional=probe.is_optional)


def _judged(probe: Probe, error: ChannelError) -> Check:
    """What an answer without success says about a permission."""
    # A record that is not there, or an answer in another form than asked for: we were let in.
    if isinstance(error, Rejected) and probe.access == "write" or isinstance(error, UnexpectedPayload):
        return _granted(probe)
    if isinstance(error, Misconfigured | NeedsReauthorisation | Rejected):
        sentence = f"We may not {probe.access} {probe.area}. Allow it for our app in the store, then check again."
        return Check(probe.name, False, sentence, menu=MENU, code="permission_missing", is_optional=probe.is_optional)
    if isinstance(error, RateLimited | Unavailable | UnclearOutcome):
        sentence = f"Whether we may {probe.access} {probe.area} will show at its first use."
        return Check(probe.name, None, sentence, is_optional=probe.is_optional)
    raise error


def _clock_difference(answer: Answer) -> float | None:
    """Seconds between the answer's ``Date`` and our clock; None without one."""
    try:
        told = parsedate_to_datetime(answer.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return abs((clock.now() - told).total_seconds()) if told.tzinfo else None
