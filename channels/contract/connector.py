"""The base of all connectors: a table of declarations, and the check of credentials."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from channels.contract.app import AppCall, AppEvent
from channels.contract.capabilities import Can, Family
from channels.contract.catalogue import StoreInfo
from channels.contract.checks import AddressCheck, Check
from channels.contract.declarations import CredentialField, GuideStep, Permission, RateHeaders, RateLimit, SettingField
from channels.contract.session import Session


class Connector:
    """Base of all connectors: what the gallery, wizard and settings are drawn from. A subclass is mostly a table of declarations."""

    # Pages draw from the class itself; Django would make an instance of it.
    do_not_call_in_templates: ClassVar[bool] = True

    kind: ClassVar[str]
    label: ClassVar[str]
    # Also found under these names in search, pickers and help.
    other_names: ClassVar[tuple[str, ...]] = ()
    monogram: ClassVar[str]
    family: ClassVar[Family]
    description: ClassVar[str]
    can: ClassVar[frozenset[Can]] = frozenset()
    credential_fields: ClassVar[tuple[CredentialField, ...]] = ()
    permissions: ClassVar[tuple[Permission, ...]] = ()
    setting_fields: ClassVar[tuple[SettingField, ...]] = ()
    guide: ClassVar[tuple[GuideStep, ...]] = ()
    rate_limit: ClassVar[RateLimit]
    # Where the channel's answers tell the state of the budget; None for channels that do not.
    rate_headers: ClassVar[RateHeaders | None] = None
    address_label: ClassVar[str] = "Store address"
    address_help: ClassVar[str] = ""
    address_placeholder: ClassVar[str] = ""
    # The credential field that holds the store's address, "" where the address is no credential.
    address_field: ClassVar[str] = ""
    # Whether connecting goes through a consent page of theirs (``consent_url``) rather than pasted credentials.
    has_consent: ClassVar[bool] = False
    # Whether the check tells when a key ends (``Check.ends_at``); elsewhere a person may enter the day.
    tells_key_end: ClassVar[bool] = False
    # The last part of our app's addresses that their browsers open → what it means; {} for channels without an app to install.
    app_routes: ClassVar[Mapping[str, AppEvent]] = {}
    # The origins in whose frames those addresses are shown.
    app_frames: ClassVar[tuple[str, ...]] = ()

    def __init__(self, session: Session) -> None:
        self.session = session

    @classmethod
    def clean_address(cls, typed: str) -> AddressCheck:
        """Clean what a person typed as the store's address. By form only: no request is made."""
        return AddressCheck(cleaned=typed.strip())

    @classmethod
    def parse_paste(cls, text: str) -> dict[str, str]:
        """Credential fields found in a text dropped or pasted as a whole; {} when there are none."""
        return {}

    @classmethod
    def clean_credential(cls, name: str, typed: str) -> AddressCheck:
        """Clean one credential field as typed. By form only: no request is made."""
        return cls.clean_address(typed) if name and name == cls.address_field else AddressCheck(cleaned=typed)

    @classmethod
    def read_app_call(cls, what: str, *, query: Mapping[str, str], app: Mapping[str, str]) -> AppCall:
        """A browser's or server's GET of the address ``what`` of our app. Raises Rejected for a signature that does not fit, UnexpectedPayload."""
        raise NotImplementedError

    @classmethod
    def read_app_message(cls, body: bytes, *, app: Mapping[str, str]) -> AppCall:
        """A POST to our app's address. Raises Rejected when it is meant for another app, UnexpectedPayload."""
        raise NotImplementedError

    def check(self) -> Iterator[Check]:
        """Try the credentials: reached, accepted, store read back, each permission. Yields as it goes; never raises ChannelError."""
        raise NotImplementedError

    def store_info(self) -> StoreInfo:
        """Read the store back. Raises NeedsReauthorisation, Misconfigured or Unavailable."""
        raise NotImplementedError
