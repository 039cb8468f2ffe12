"""What people type as the address of their BigCommerce store, and what they paste as credentials. By form only: no request is made.

A store's permanent address is ``https://store-{hash}.mybigcommerce.com``; the hash names the store in every call. The API path of an API account
(``https://api.bigcommerce.com/stores/{hash}/v3/``) carries it too and is what people paste most (vendor reference, section 1.2).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from channels.contract import AddressCheck

EXAMPLE = "https://store-abc123.mybigcommerce.com"
PERMANENT = "mybigcommerce.com"
_HASH = r"[a-z0-9]{4,32}"
_API_PATH = re.compile(rf"/stores/({_HASH})(?:/|$)")
_PERMANENT_HOST = re.compile(rf"^(?:https?://)?store-({_HASH})(?:-\d+)?\.mybigcommerce\.com", re.IGNORECASE)
_BARE_HASH = re.compile(r"^(?=.*\d)[a-z0-9]{5,20}$")
_MISSPELLED = re.compile(r"my-?big-?com+er[cs]e?\.?(?:com?|con|cm)?$")
_SCHEME = re.compile(r"^(?:h?t+ps?|https?)[:;]?/{0,3}", re.IGNORECASE)

WHERE = "You find it in the BigCommerce control panel under Settings › API › Store-level API accounts, in the API path."


def clean(typed: str) -> AddressCheck:
    """The address in its one form, or what is wrong with it and where to find the right one."""
    text = re.sub(r"[\s\u200b\ufeff]+", "", typed).strip("\"'<>`,;.")
    if not text:
        return AddressCheck("", "error", f"Enter the address of your BigCommerce store, for example {EXAMPLE}.")
    if "@" in text:
        return AddressCheck(
            text, "error", f"This is an e-mail address. Enter the store's address, for example {EXAMPLE}."
        )
    if found := store_hash(text):
        return AddressCheck(f"https://store-{found}.{PERMANENT}")
    return _by_host(_host(text))


def store_hash(text: str) -> str:
    """The store hash that an address, an API path or the bare hash tells; "" when it cannot be derived."""
    text = text.strip().lower()
    if match := _API_PATH.search(text) or _PERMANENT_HOST.search(_with_scheme(text)):
        return match.group(1)
    return text if _BARE_HASH.match(text) else ""


def clean_hash(typed: str) -> AddressCheck:
    """The store hash that was meant, or what is wrong with the text and where to find the right one."""
    text = re.sub(r"[\s\u200b\ufeff]+", "", typed).strip("\"'<>`,;.").lower()
    if found := store_hash(re.sub(r"^stores/", "/stores/", text)):
        return AddressCheck(found)
    if re.fullmatch(_HASH, text):
        return AddressCheck(text, "warning", f"A store hash usually has digits too. {WHERE}")
    checked = clean(typed)
    return AddressCheck(
        checked.cleaned, "error", checked.sentence or f"The store hash cannot be read from this. {WHERE}"
    )


def _by_host(host: str) -> AddressCheck:
    if host in {"", "localhost"} or "." not in host:
        return AddressCheck(host, "error", f"This is no web address. It looks like {EXAMPLE}.")
    if host.endswith(f".{PERMANENT}"):
        sentence = f"The store hash cannot be read from this address, so we ask for it when you connect. {WHERE}"
        return AddressCheck(f"https://{host}", "warning", sentence)
    if _MISSPELLED.search(host):
        return AddressCheck(host, "error", f"This looks like a slip of the pen: the address ends in .{PERMANENT}.")
    if host == "api.bigcommerce.com":
        return AddressCheck(host, "error", "The API path is cut off: it goes on with /stores/ and the store hash.")
    if host.endswith("bigcommerce.com"):
        return AddressCheck(host, "error", f"This is a page of BigCommerce itself. {WHERE}")
    sentence = f"This is the address that customers see. We need the permanent one, for example {EXAMPLE}. {WHERE}"
    return AddressCheck(host, "error", sentence)


def _host(text: str) -> str:
    try:
        return (urlsplit(_with_scheme(text.lower())).hostname or "").strip(".")
    except ValueError:
        return ""


def _with_scheme(text: str) -> str:
    return "https://" + _SCHEME.sub("", text)


# -- pasting -----------------------------------------------------------------------------------------------------------

# The pop-up shows a label and, beside or below it, the value; the file that it offers for download has "LABEL: value".
_LABELS = {
    "access_token": r"access[\s_-]*token|x-auth-token",
    "client_id": r"client[\s_-]*id",
    "client_secret": r"client[\s_-]*secret",
}
_VALUE = r"[\"']?\s*[:=]?\s*[\"']?([A-Za-z0-9_-]{8,128})"
_STORE_LABEL = re.compile(r"store[\s_-]*hash[\"']?\s*[:=]?\s*[\"']?([a-z0-9]{4,32})\b", re.IGNORECASE)


def parse_paste(text: str) -> dict[str, str]:
    """The credential fields in a pasted text: the whole pop-up, the downloaded file, an API path or a store address."""
    found = {name: match.group(1) for name, label in _LABELS.items() if (match := _labelled(label, text))}
    known = _STORE_LABEL.search(text)
    hash = known.group(1).lower() if known else _hash_in(text)
    return {**({"store_hash": hash} if hash else {}), **found}


def _labelled(label: str, text: str) -> re.Match[str] | None:
    return re.search(rf"(?:{label}){_VALUE}", text, re.IGNORECASE)


def _hash_in(text: str) -> str:
    lowered = text.lower()
    match = _API_PATH.search(lowered) or re.search(rf"store-({_HASH})(?:-\d+)?\.mybigcommerce\.com", lowered)
    if match:
        return match.group(1)
    return store_hash(lowered) if len(lowered.split()) == 1 else ""
