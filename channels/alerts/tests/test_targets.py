"""No webhook leads into our own network: not by what is typed, and not by what a name turns out to be."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from channels.alerts.posting import post
from channels.alerts.targets import clean_url, is_allowed
from channels.alerts.tests.receiver import listening
from channels.tests.test_own_network import TYPED
from portal.lib.errors import DomainError

NUMBERS = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "2001:0:a00:1::1",
)


@pytest.mark.parametrize("typed", [each for each in TYPED if "localtest" not in each and "evil" not in each])
def test_an_address_of_our_own_network_is_refused_in_every_spelling(typed):
    with pytest.raises(DomainError):
        clean_url(typed)
    with pytest.raises(DomainError):
        clean_url(typed.replace("http://", "https://"))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "example.com/hooks",
        "ftp://example.com/",
        "http://example.com/",
        "https://",
        "https://intranet/hooks",
        "https://erp.internal/",
        "https://erp.local/",
        "https://user:pass@example.com/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://[::1/",
        "https://example.com/" + "x" * 600,
        "javascript:alert(1)",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_public_https_address_is_refused_with_a_sentence(typed):
    with pytest.raises(DomainError) as caught:
        clean_url(typed)
    assert caught.value.field == "url"
    assert caught.value.sentence.endswith((".", "hooks."))


def test_a_public_address_is_kept_as_typed():
    assert clean_url(" https://erp.example.com:8443/hooks?a=1 ") == "https://erp.example.com:8443/hooks?a=1"


@pytest.mark.parametrize("number", NUMBERS)
def test_only_the_public_internet_is_called(number):
    assert not is_allowed(ipaddress.ip_address(number))


def test_public_numbers_are_called():
    assert is_allowed(ipaddress.ip_address("93.184.216.34"))
    assert is_allowed(ipaddress.ip_address("2606:2800:220:1:248:1893:25c8:1946"))


def test_a_name_that_points_inside_is_not_connected_to(monkeypatch):
    with listening() as receiver:
        port = int(receiver.url.split(":")[2].split("/")[0])
        real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, *args, **more: real("127.0.0.1", *args, **more))
        outcome = post(f"http://hooks.example.com:{port}/", b"{}", {})
        assert receiver.got == []
    assert outcome.is_forbidden
    assert outcome.is_final
    assert outcome.words == "no answer: The address is not on the public internet."


def test_a_name_with_one_address_inside_is_not_connected_to(monkeypatch):
    def both(host, port, **more):
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    assert post("http://hooks.example.com/", b"{}", {}).is_forbidden


def test_in_a_sandbox_the_own_machine_is_reached_and_nothing_else_inside(settings):
    settings.SANDBOX = True
    with listening() as receiver:
        assert post(clean_url(receiver.url), b"{}", {}).is_good
    with pytest.raises(DomainError):
        clean_url("http://10.0.0.1/")
    assert not is_allowed(ipaddress.ip_address("10.0.0.1"))
