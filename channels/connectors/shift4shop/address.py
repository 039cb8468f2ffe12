"""What people type as a store's address, cleaned by form only: nothing is ever requested from it.

The Secure URL is not the shop front: it usually ends in ``.3dcartstores.com`` or ``.3dcart.net`` (vendor reference, section 1.1). The cleaned form is the
bare host, which is also the identity of a store.
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import ip_address

from channels.contract import AddressCheck

USUAL_ENDINGS = (".3dcartstores.com", ".3dcart.net", ".s4shops.com")
# Hosts of the vendor itself: many people paste the address of the page they are looking at.
_VENDOR_HOSTS = frozenset({"3dcart.com", "shift4shop.com", "3dcartstores.com", "3dcart.net", "s4shops.com"})
_VENDOR_PAGES = ("apirest.", "api.", "devportal.", "developer.", "support.", "blog.", "www.")
_OTHER_PLATFORMS = {
    "mybigcommerce.com": "BigCommerce",
    "bigcommerce.com": "BigCommerce",
    "myshopify.com": "Shopify",
    "shopify.com": "Shopify",
    "squarespace.com": "Squarespace",
    "wixsite.com": "Wix",
}
# Endings as they are mistyped, and what was meant.
_TYPOS = {
    r"\.3d-?carts?(?:stores?|store)?\.(?:com|co|cm|con|cpm|net|org)$": ".3dcartstores.com",
    r"\.3dcartstores?$": ".3dcartstores.com",
    r"\.3dcart\.(?:ner|met|ne)$": ".3dcart.net",
    r"\.3dcart$": ".3dcart.net",
    r"\.s4shops?(?:\.(?:com|co|cm|con|net|org))?$": ".s4shops.com",
}
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2028-\u202f\u2060\ufeff\u00ad]+")
_EXAMPLE = "Type it like yourstore.3dcartstores.com."


def normalise_host(secure_url: str) -> str:
    """A Secure URL as stores are compared: lower case, without scheme, ``www.``, path and port."""
    host = re.sub(r"^[a-z]+:/*", "", secure_url.strip().lower())
    return re.split(r"[/?#:]", host, maxsplit=1)[0].strip(".").removeprefix("www.")


def is_same_store(one: str, other: str) -> bool:
    """Whether two normalised hosts are one store: the vendor serves a store under the same name in several of its domains."""
    both_usual = one.endswith(USUAL_ENDINGS) and other.endswith(USUAL_ENDINGS)
    return one == other or (both_usual and one.split(".")[0] == other.split(".")[0])


def clean_address(typed: str) -> AddressCheck:
    """The bare host in what was typed, with a warning where it looks like a shop front and an error where it cannot be a store."""
    host = _host_in(typed)
    if sentence := _error_in(host, typed):
        return AddressCheck(host, "error", sentence)
    if suggestion := _suggestion_for(host):
        return AddressCheck(host, "warning", f"Did you mean {suggestion}?")
    if not host.endswith(USUAL_ENDINGS):
        return AddressCheck(host, "warning", _SHOP_FRONT.format(host=host))
    return AddressCheck(host)


_SHOP_FRONT = (
    "{host} looks like your shop front. We need the secure URL, which usually ends in .3dcartstores.com or .3dcart.net."
    " You find it in your store under Settings, General, Store Settings. If yours is this one, go on."
)


def _host_in(typed: str) -> str:
    text = unicodedata.normalize("NFKC", typed).strip().strip("\"'<>()[]{}`“”‘’«»,;")
    text = _INVISIBLE.sub("", text).lower().replace("\\", "/").replace("。", ".")
    text = re.sub(r"^(?:secure)?url[:=]+", "", text)
    text = re.sub(r"^(?:h+t+p*s?|https?|ttps?|htps?)\s*[:;.]*/+", "", text)
    text = re.sub(r"^https?:", "", text)
    host = re.split(r"[/?#]", text, maxsplit=1)[0]
    host = re.sub(r":\d*$", "", host)
    return _without_www(re.sub(r"\.{2,}", ".", host.replace(",", ".")).strip(".-:"))


def _without_www(host: str) -> str:
    return re.sub(r"^w{2,4}\.(?=.+\.)", "", host)


def _error_in(host: str, typed: str) -> str:
    """Why this cannot be a store's address; "" when it can."""
    checks = (
        (not host, f"Enter your store's secure URL. {_EXAMPLE}"),
        ("@" in host, f"This is an e-mail address. We need your store's secure URL. {_EXAMPLE}"),
        (_is_number(host) or host == "localhost", f"This is no store's address. {_EXAMPLE}"),
        ("." not in host, f"{host} is only a part of the address. {_EXAMPLE}"),
        (_is_vendor_page(host), f"This is a page of Shift4Shop, not your store. {_EXAMPLE}"),
        (
            bool(_platform_of(host)),
            f"This is a {_platform_of(host)} store. Choose {_platform_of(host)} as your platform instead.",
        ),
        (not _is_host(host), f"“{typed.strip()[:80]}” has characters that no address has. {_EXAMPLE}"),
    )
    return next((sentence for is_wrong, sentence in checks if is_wrong), "")


def _is_number(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _is_vendor_page(host: str) -> bool:
    bare = next((host.removeprefix(page) for page in _VENDOR_PAGES if host.startswith(page)), host)
    return bare in _VENDOR_HOSTS


def _platform_of(host: str) -> str:
    return next(
        (name for domain, name in _OTHER_PLATFORMS.items() if host == domain or host.endswith(f".{domain}")), ""
    )


def _is_host(host: str) -> bool:
    try:
        ascii_host = host.encode("idna").decode()
    except UnicodeError:
        return False
    labels = ascii_host.split(".")
    return len(ascii_host) <= 253 and len(labels[-1]) > 1 and all(_LABEL.fullmatch(label) for label in labels)


def _suggestion_for(host: str) -> str:
    if host.endswith(USUAL_ENDINGS) or host.endswith(".3dcart.com"):
        return ""
    for pattern, ending in _TYPOS.items():
        if re.search(pattern, host):
            return re.sub(pattern, ending, host)
    return ""
