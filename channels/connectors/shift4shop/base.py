"""What all parts of the connector share: the client, the store's clock and currency, its host."""

from __future__ import annotations

from functools import cached_property
from zoneinfo import ZoneInfo

from channels.connectors.shift4shop.address import is_same_store, normalise_host
from channels.connectors.shift4shop.client import Client
from channels.connectors.shift4shop.mapping_store import store_info
from channels.connectors.shift4shop.times import zone_of
from channels.contract import Session, StoreConnector, StoreInfo
from channels.errors import WrongStore


class Shift4ShopBase(StoreConnector):
    """One store, as its session reaches it."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.client = Client(session)

    def store_info(self) -> StoreInfo:
        """Name, currency, zone and Secure URL, which is the store's only identity. Raises WrongStore when it is not the one that is connected."""
        info = store_info(self.client.one("StoreSettings"), typed=self.address)
        known = normalise_host(self.session.store_id)
        if known and not is_same_store(info.store_id, known):
            raise WrongStore(
                f"This key belongs to {info.name} ({info.store_id}), not to {known}. Use a key of {known}."
            )
        return info

    @cached_property
    def known_store(self) -> StoreInfo:
        """The store as read once, for what the session does not tell."""
        return self.store_info()

    @property
    def address(self) -> str:
        """The host of the store: as connected, or as typed."""
        session = self.session
        return normalise_host(session.store_address or session.credentials.get("secure_url", "") or session.store_id)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The store's clock: as a person confirmed it, else as the store tells it."""
        return zone_of(self.session.time_zone or self.known_store.time_zone)

    @property
    def currency(self) -> str:
        return self.session.currency or self.known_store.currency

    @property
    def host(self) -> str:
        """Where the store's image files are."""
        return self.address or self.known_store.store_id
