"""The sandbox signs in with the keys that the simulator starts with."""

from __future__ import annotations

from django.conf import settings

from channels.connectors.shift4shop.simulator.world import demo_key


def test_the_sandbox_app_of_the_settings_is_let_in_by_a_fresh_simulator() -> None:
    app = settings.CHANNEL_APPS["shift4shop"]["sandbox"]

    assert app == {"public_key": demo_key("public"), "private_key": demo_key("private")}
