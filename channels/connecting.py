"""From a draft to a connection: what the wizard asks of a channel, tried and finished through ``channels.services``."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from channels import credentials, services
from channels.contract import Check, StoreConnector, StoreInfo
from channels.drafts import Held
from channels.errors import ChannelError
from channels.models import ConnectDraft, Integration
from channels.registry import connector_class
from channels.session import app_of, chosen_of, hosts_of, http_for, try_connector
from portal.companies.models import Company


@dataclass(frozen=True, slots=True)
class Tried:
    """A line of the check with the time it took, in milliseconds."""

    check: Check
    milliseconds: int

    @property
    def is_bad(self) -> bool:
        return self.check.passed is False and not self.check.is_optional


def can_consent(connector: type[StoreConnector], *, is_sandbox: bool) -> bool:
    """Whether the channel has a consent page and this installation is known there."""
    app = app_of(connector.kind, is_sandbox=is_sandbox)
    return connector.has_consent and bool(app) and all(app.values())


def public_values(connector: type[StoreConnector], *, is_sandbox: bool) -> dict[str, str]:
    """What of our application may be shown to be copied into the store."""
    app = app_of(connector.kind, is_sandbox=is_sandbox)
    return {name.replace("_", " "): value for name, value in app.items() if name.startswith("public") and value}


def suggest_address(connector: type[StoreConnector], company: Company) -> str:
    """What the company told at sign-up, as the channel's address field wants it; "" when it does not fit or a store of the channel is here already."""
    if not connector.address_field or company.platform != connector.kind or not company.store_address:
        return ""
    if Integration.objects.filter(company=company, kind=connector.kind, removed_at=None).exists():
        return ""
    checked = connector.clean_credential(connector.address_field, company.store_address)
    return "" if checked.level == "error" else checked.cleaned


def suggest_name(connector: type[StoreConnector], company: Company) -> str:
    """A free name for the new connection."""
    taken = set(Integration.objects.filter(company=company, removed_at=None).values_list("name", flat=True))
    first = f"{company.name} store"[:110]
    return next(name for name in [first, *(f"{first} {n}" for n in range(2, 1000))] if name not in taken)


def address_in(connector: type[StoreConnector], held: Held) -> str:
    """The store's address as far as it was told."""
    return held.credentials.get(connector.address_field, "") or held.address


def connection_of(draft: ConnectDraft, held: Held, **more: Any) -> services.Connection:
    """What ``channels.services`` takes. A store that may sell is tried as one that takes listings."""
    connector = connector_class(draft.kind)
    settings = {"sells": "yes" if draft.owner.is_retailer else ""}
    return services.Connection(
        kind=draft.kind,
        name=draft.name,
        credentials=held.credentials,
        store_address=address_in(connector, held),
        key_ends_at=held.key_ends_at,
        **{"settings": settings, **more},
    )


def try_draft(draft: ConnectDraft, held: Held) -> StoreConnector:
    """The connector with the draft's credentials; an integration that is reauthorised keeps its choices and zone."""
    there = draft.integration
    return try_connector(
        draft.kind,
        held.credentials,
        is_sandbox=draft.owner.is_sandbox,
        store_id=there.remote_store_id if there else "",
        store_address=address_in(connector_class(draft.kind), held) or (there.store_address if there else ""),
        chosen=chosen_of(there) if there else {"sells": "yes" if draft.owner.is_retailer else ""},
        time_zone=there.time_zone if there else "",
    )


def run_checks(draft: ConnectDraft, held: Held) -> Iterator[Tried]:
    """Each check of the connector as it is done, then who the store is for us: new, connected already, or another one."""
    since = time.monotonic()
    connector = try_draft(draft, held)
    for check in connector.check():
        yield Tried(check, round((time.monotonic() - since) * 1000))
        since = time.monotonic()


def read_back(draft: ConnectDraft, held: Held) -> StoreInfo:
    """Who the store says it is. Raises ChannelError."""
    return try_draft(draft, held).store_info()


def identity_check(draft: ConnectDraft, info: StoreInfo) -> Check | None:
    """A line that stops: the store is connected already, or is not the one to reauthorise. None when all is well."""
    there = draft.integration
    if there:
        if info.store_id == there.remote_store_id:
            return None
        sentence = (
            f"This key belongs to {info.name}, not to {there.store_name or there.name}. Nothing was changed."
            f" Use a key of {there.store_name or there.name}; to trade with the other store too, add it as its own."
        )
        return Check("The same store as before", False, sentence, code="another_store")
    taken = Integration.objects.filter(
        kind=draft.kind, is_sandbox=draft.owner.is_sandbox, remote_store_id=info.store_id, removed_at=None
    ).first()
    if taken is None:
        return None
    where = f"here as {taken.name}" if taken.company_id == draft.company_id else "by another company"
    sentence = f"{info.name} is connected already, {where}. One store can be connected once."
    return Check("Not connected yet", False, sentence, code="store_connected_already")


def passed(held: Held) -> bool:
    """Whether the credentials that are held are those that passed the check."""
    return bool(held.checked) and held.checked == credentials.fingerprint(held.credentials)


def choices_of(connector: StoreConnector) -> dict[str, Sequence[tuple[str, str]]]:
    """What the declared settings can be, read from the store; a store that does not answer leaves free text."""
    found: dict[str, Sequence[tuple[str, str]]] = {}
    for each in connector.setting_fields:
        try:
            found[each.name] = list(getattr(connector, "setting_choices", lambda name: ())(each.name))
        except ChannelError:
            found[each.name] = []
    return found


def consent_address(draft: ConnectDraft, *, state: str, return_url: str) -> str:
    """Their page where the owner approves."""
    connector = connector_class(draft.kind)
    side = draft.owner.is_sandbox
    return connector.consent_url(
        hosts=hosts_of(draft.kind, is_sandbox=side),
        app=app_of(draft.kind, is_sandbox=side),
        address=address_in(connector, Held.of(draft)),
        state=state,
        return_url=return_url,
    )


def redeem(kind: str, *, is_sandbox: bool, query: Mapping[str, str], return_url: str) -> dict[str, str]:
    """The credentials for the query of a return trip. Raises ChannelError."""
    return connector_class(kind).redeem_consent(
        http=http_for(kind),
        hosts=hosts_of(kind, is_sandbox=is_sandbox),
        app=app_of(kind, is_sandbox=is_sandbox),
        query=query,
        return_url=return_url,
    )
