"""The address that our requests come from: published beside every connect guide, and asked for at deployment."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.urls import reverse

from channels.checks import outgoing_address
from channels.models import ConnectDraft


@pytest.fixture
def guide(kingsway, member, login, db) -> str:
    """The connect guide's page for BigCommerce."""
    user = member(kingsway)

    def read() -> str:
        draft = ConnectDraft.objects.create(company=kingsway, user=user, kind="bigcommerce", held={}, name="Shop")
        address = reverse("integration-authorise", args=["bigcommerce", draft.key])
        return login(kingsway, user=user).get(address).content.decode()

    return read


@pytest.mark.row("S4-25")
def test_the_connect_guide_shows_the_published_address(guide, settings):
    settings.OUTGOING_ADDRESS = "203.0.113.40"
    assert 'All our requests come from <span class="code">203.0.113.40</span>' in guide()


@pytest.mark.row("S4-25")
def test_an_installation_without_one_says_so(guide, settings):
    settings.OUTGOING_ADDRESS = ""
    assert "no fixed outgoing address" in guide()


@pytest.mark.row("S4-04")
def test_the_connect_guide_shows_where_to_write_when_the_key_cannot_be_entered(guide, settings):
    settings.SUPPORT_EMAIL = "help@tradelane.example"
    assert 'href="mailto:help@tradelane.example"' in guide()


@pytest.mark.row("S4-25")
def test_a_deployment_without_a_published_address_is_warned(settings, capsys, db):
    settings.OUTGOING_ADDRESS = " "
    call_command("check", deploy=True)
    assert "OUTGOING_ADDRESS is empty" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["203.0.113.40", "203.0.113.40, 203.0.113.41", "2001:db8::7", "203.0.113.0/29"])
def test_addresses_and_networks_are_taken(settings, address):
    settings.OUTGOING_ADDRESS = address
    assert outgoing_address(None) == []


@pytest.mark.parametrize("address", ["portal.example", "203.0.113.400", "203.0.113.40; 1.1.1.1", "203.0.113.40,"])
def test_what_no_firewall_understands_is_warned_of(settings, address):
    settings.OUTGOING_ADDRESS = address
    (warning,) = outgoing_address(None)
    assert warning.id == "channels.W002"
