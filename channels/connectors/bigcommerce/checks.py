"""The connection check: reached, accepted, the right store, each permission, the clock (vendor reference, sections 1.3 and 1.5).

Reads are probed by reading one record. Writes are probed by a request that can create nothing (id 0, empty body): 403 = missing, a refusal of the
content = granted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from channels.connectors.bigcommerce import areas, mapping
from channels.connectors.bigcommerce.client import Area, Client
from channels.connectors.bigcommerce.part import Part
from channels.contract import Check, StoreInfo
from channels.errors import (
    ChannelError,
    Misconfigured,
    NeedsReauthorisation,
    Rejected,
    UnclearOutcome,
    WrongStore,
)
from portal.lib import clock

MENU = "Settings › API › Store-level API accounts › Create API account"
# An id that no order has.
NO_ORDER = 2_147_483_647
CLOCK_TOLERANCE = 120


@dataclass(frozen=True, slots=True)
class Probe:
    """One permission and the call that shows it."""

    area: Area
    call: Callable[[Client], Any]
    is_optional: bool = False
    lost: str = ""


PROBES = (
    Probe(areas.PRODUCTS, lambda c: c.get("/v3/catalog/products", areas.PRODUCTS, limit=1, include_fields="id")),
    Probe(areas.ORDERS_WRITE, lambda c: c.put("/v2/orders/0", areas.ORDERS_WRITE, {})),
    Probe(areas.TRANSACTIONS, lambda c: c.get(f"/v3/orders/{NO_ORDER}/transactions", areas.TRANSACTIONS)),
    Probe(
        areas.PRODUCTS_WRITE,
        lambda c: c.put("/v3/catalog/products/0", areas.PRODUCTS_WRITE, {}),
        is_optional=True,
        lost="Only a store that sells partners' products needs it: listings, stock and prices could not be written.",
    ),
    Probe(
        areas.INVENTORY,
        lambda c: c.get("/v3/inventory/items", areas.INVENTORY, limit=1),
        is_optional=True,
        lost="Without it the stock that the catalogue shows is used.",
    ),
    Probe(
        areas.INVENTORY_WRITE,
        lambda c: c.put("/v3/inventory/adjustments/absolute", areas.INVENTORY_WRITE, {"items": []}),
        is_optional=True,
        lost="Without it stock is written through the catalogue, which takes more calls.",
    ),
    Probe(
        areas.LOCATIONS,
        lambda c: c.get("/v3/inventory/locations", areas.LOCATIONS, limit=1),
        is_optional=True,
        lost="Without it stock by location is not known and the stock that the catalogue shows is used.",
    ),
)


class ChecksPart(Part):
    """Who the store is and what we may do there."""

    def store_info(self) -> StoreInfo:
        """The store read back. Raises WrongStore when it is another one than the connected."""
        info = mapping.store_info(self.client.get("/v2/store", areas.INFORMATION) or {})
        known = self.session.store_id or self.client.store_hash
        if info.store_id != known:
            raise WrongStore(
                f"These credentials belong to the store “{info.name}” ({info.store_id}), not to the connected one"
                f" ({known}). Create the API account in the connected store.",
                area="Store hash",
            )
        return info

    def check(self) -> Iterator[Check]:
        for each in self._identity():
            yield each
            # A new account must be made for what one lacks, so all that it lacks is told at once.
            if each.passed is False and each.name != _label(areas.INFORMATION):
                return
        for probe in PROBES:
            outcome = self._probe(probe)
            yield outcome
            if outcome.code in {"credentials_rejected", "store_unavailable", "store_unreachable", "rate_limited"}:
                return

    def _identity(self) -> Iterator[Check]:
        """Reached, accepted, recognised: each depends on the one before it."""
        try:
            time = self.client.get("/v2/time", areas.INFORMATION) or {}
        except ChannelError as error:
            yield from self._not_reached(error)
            return
        yield Check("Store reached", True, "BigCommerce answers.")
        yield Check("Access token accepted", True, "The access token is valid for this store.")
        try:
            info = self.store_info()
        except ChannelError as error:
            field = "store_hash" if isinstance(error, WrongStore) else ""
            yield Check("Store recognised", False, error.message, field=field, code=error.code)
            return
        place = ", ".join(part for part in (info.currency, info.time_zone) if part)
        yield Check("Store recognised", True, f"This is {info.name} ({place}).")
        yield Check(_label(areas.INFORMATION), True, "Granted.")
        yield _clock(time.get("time"))

    def _not_reached(self, error: ChannelError) -> Iterator[Check]:
        if isinstance(error, NeedsReauthorisation):
            yield Check("Store reached", True, "BigCommerce answers.")
            sentence = "BigCommerce does not accept the access token. Copy it again, or create a new API account."
            yield Check("Access token accepted", False, sentence, MENU, "access_token", error.code)
        elif isinstance(error, Misconfigured) and error.status == 403:
            yield Check("Store reached", True, "BigCommerce answers.")
            yield self._forbidden(error)
        else:
            field = "store_hash" if isinstance(error, Misconfigured) else ""
            yield Check("Store reached", False, error.message, field=field, code=error.code)

    def _forbidden(self, error: Misconfigured) -> Check:
        """A wrong store hash and a missing permission look alike; webhooks need none, so they tell the two apart."""
        try:
            self.client.get("/v3/hooks", areas.HOOKS, limit=1)
        except ChannelError:
            sentence = (
                "The access token is not for this store: the store hash and the token belong to different stores."
                " Copy both from the same API account."
            )
            return Check("Access token accepted", False, sentence, MENU, "store_hash", WrongStore.code)
        return _missing(areas.INFORMATION, error)

    def _probe(self, probe: Probe) -> Check:
        name = _label(probe.area)
        try:
            probe.call(self.client)
        except Rejected:
            pass
        except Misconfigured as error:
            return _missing(probe.area, error, lost=probe.lost, is_optional=probe.is_optional)
        except UnclearOutcome:
            sentence = "Not provable before it is first used."
            return Check(name, None, sentence, MENU, is_optional=probe.is_optional)
        except ChannelError as error:
            return Check(name, False, error.message, code=error.code, is_optional=probe.is_optional)
        return Check(name, True, "Granted.", is_optional=probe.is_optional)


def _label(area: Area) -> str:
    return f"{area.name}: {area.access}"


def _missing(area: Area, error: Misconfigured, *, lost: str = "", is_optional: bool = False) -> Check:
    sentence = (
        f"The API account lacks “{_label(area)}”. {lost}".strip()
        + " Permissions of an account cannot be changed: create a new one with it and enter its token."
    )
    return Check(
        _label(area),
        False,
        sentence,
        menu=f"{MENU} › {area.name} › {area.access}",
        field="access_token",
        code=error.code,
        is_optional=is_optional,
    )


def _clock(theirs: Any) -> Check:
    if not isinstance(theirs, int):
        return Check("Clock", None, "BigCommerce did not tell its time.", is_optional=True)
    seconds = abs(round(clock.now().timestamp() - theirs))
    if seconds <= CLOCK_TOLERANCE:
        return Check("Clock", True, f"Their clock and ours differ by {seconds} s.", is_optional=True)
    sentence = f"Their clock and ours differ by {seconds} s; changes could be noticed late. Tell our staff."
    return Check("Clock", False, sentence, code="our_mistake", is_optional=True)
