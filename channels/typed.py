"""What people type or paste into credential fields: cleaned and judged by form, the same for every channel. No request is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from channels.contract import AddressCheck, CredentialField, StoreConnector

_INVISIBLE = re.compile(r"[\s\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]+")
_QUOTES = "\"'`“”‘’«»<>,;"
_LABEL = re.compile(r"^(?:[a-z][a-z _-]{2,24}[:=](?!//)|bearer\s)\s*", re.IGNORECASE)
_MASK = re.compile(r"[•●∙*]{2,}|…|\.\.\.|^x{6,}$", re.IGNORECASE)
SHORTEST_KEY = 6
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Typed:
    """Cleaned values by field name, and what is to be said beside a field: ``errors`` stop, ``warnings`` do not."""

    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    warnings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not self.errors


def read_typed(connector: type[StoreConnector], typed: Mapping[str, str], *, known: Mapping[str, str]) -> Typed:
    """Clean every credential field of ``connector``; an empty one keeps what is ``known``."""
    values, errors, warnings = {}, {}, {}
    for each in connector.credential_fields:
        text = str(typed.get(each.name) or "")
        if not text.strip():
            values[each.name] = known.get(each.name, "")
            if each.is_required and not values[each.name]:
                errors[each.name] = f"Enter the {_said(each)}."
            continue
        checked = read_field(connector, each, text)
        values[each.name] = checked.cleaned
        if checked.level == "error":
            errors[each.name] = checked.sentence
        elif checked.level == "warning":
            warnings[each.name] = checked.sentence
    return Typed({**known, **values}, errors, warnings)


def read_field(connector: type[StoreConnector], each: CredentialField, text: str) -> AddressCheck:
    """One field as typed. A pasted label or a whole pop-up is understood where the channel knows its form."""
    if len(text) > LONGEST and not connector.parse_paste(text):
        return AddressCheck("", "error", f"This is too long to be the {_said(each)}. Copy only that.")
    if each.name == connector.address_field:
        return connector.clean_credential(each.name, text.strip().strip(_QUOTES))
    found = connector.parse_paste(text)
    value = found.get(each.name, "") if len(text.split()) > 1 or ":" in text or "=" in text else ""
    value = value or _INVISIBLE.sub("", _LABEL.sub("", text.strip().strip(_QUOTES))).strip(_QUOTES)
    if sentence := _fault(each, value):
        return AddressCheck(value, "error", sentence)
    return connector.clean_credential(each.name, value)


def _fault(each: CredentialField, value: str) -> str:
    """What is wrong with the form of a value; "" when nothing is. Only of secrets do we know that they are keys."""
    said = _said(each)
    tests = [
        (not value, f"Enter the {said}."),
        (
            bool(_MASK.search(value)),
            f"This is a hidden form of the {said}, not the {said} itself. Copy the whole of it.",
        ),
    ]
    if each.is_secret:
        tests += [
            ("@" in value, f"This is an e-mail address. We need the {said}."),
            ("://" in value or value.startswith("www."), f"This is a web address. We need the {said}."),
            (not value.isascii(), f"The {said} has only plain letters and digits. Copy it instead of typing it."),
            (len(value) < SHORTEST_KEY, f"This is too short to be the {said}. Copy the whole of it."),
        ]
    return next((sentence for is_wrong, sentence in tests if is_wrong), "")


def _said(each: CredentialField) -> str:
    """The field's label inside a sentence."""
    first, rest = each.label[:1], each.label[1:]
    return each.label if rest[:1].isupper() else first.lower() + rest
