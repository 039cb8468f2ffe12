"""Where a webhook may go: judged by its form when it is typed, and by its real address at the moment of connecting.

A name can point anywhere and change between two look-ups, so the address that is checked is the one that is connected to (``guarded``).
"""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings

from portal.lib.errors import DomainError

_LOCAL_ENDINGS = (".local", ".internal", ".localhost", ".lan", ".home", ".arpa")
# Ranges that carry an IPv4 address inside: translated ones (RFC 6052), 6to4 and Teredo lead wherever it leads.
_CARRIERS = tuple(ipaddress.ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


class ForbiddenTarget(Exception):
    """The address is not on the public internet. No OSError, so that transports pass it on as it is."""


def clean_url(typed: str) -> str:
    """The address as it is kept. Raises DomainError with what is wrong; nothing is looked up and no request is made."""
    url = typed.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise _no("This is no web address. It looks like https://erp.example.com/hooks.") from error
    if not host or parts.scheme not in {"https", "http"}:
        raise _no("Type the whole address, beginning with https://.")
    if parts.username or parts.password:
        raise _no("Leave user name and password out of the address: every call is signed instead.")
    if any(character.isspace() or not character.isprintable() for character in url) or len(url) > 500:
        raise _no("This address has characters that do not belong there, or is too long.")
    if parts.scheme == "http" and not _is_own_machine_of_sandbox(host):
        raise _no("The address must begin with https://, so that nobody on the way can read what we send.")
    if not may_be_named(host):
        raise _no(
            "This address is inside a private network, where we cannot reach it. Give one on the public internet."
        )
    return url


def may_be_named(host: str) -> bool:
    """Whether a typed host may be public: a name with a dot that is no local one, or a public number in any spelling."""
    number = _number(host)
    if number is not None:
        return is_allowed(number)
    lower = host.rstrip(".").lower()
    if lower == "localhost":
        return settings.SANDBOX
    return "." in lower and not lower.endswith(_LOCAL_ENDINGS)


def allowed_address(host: str, port: int) -> str:
    """One address of ``host`` to connect to. Raises ForbiddenTarget when any of its addresses is not public, OSError when it has none."""
    found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(is_allowed(ipaddress.ip_address(str(each).split("%")[0])) for each in found):
        raise ForbiddenTarget("The address is not on the public internet.")
    return str(found[0])


def is_allowed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether requests may go there: the public internet, and in a sandbox installation the own machine."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_allowed(address.ipv4_mapped)
        if any(address in network for network in _CARRIERS):
            return False
    if address.is_loopback:
        return settings.SANDBOX
    return address.is_global and not address.is_multicast


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """``host`` as a number, also in the short, octal, hexadecimal and whole forms that resolvers understand; None for a name."""
    try:
        return ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
    except OSError:
        return None


def _is_own_machine_of_sandbox(host: str) -> bool:
    number = _number(host)
    return settings.SANDBOX and (host == "localhost" or (number is not None and number.is_loopback))


def _no(sentence: str) -> DomainError:
    return DomainError(sentence, field="url")
