"""Offers our channels at sign-up: companies know no channels, so the registry is filled from here."""

from __future__ import annotations

from channels.contract import Family
from channels.registry import CONNECTORS
from portal.companies import platforms


def register() -> None:
    """One tile a store channel."""
    for connector in CONNECTORS.values():
        if connector.family is not Family.STORE:
            continue
        platforms.register(
            platforms.Platform(
                kind=connector.kind,
                label=connector.label,
                monogram=connector.monogram,
                also=", ".join(connector.other_names[:1]),
                other_names=connector.other_names,
                description=connector.description,
                address_label=connector.address_label,
                address_help=connector.address_help,
                address_placeholder=connector.address_placeholder,
                clean_address=connector.clean_address,
            )
        )
