"""Webhooks: registered once, removed, read strictly."""

from __future__ import annotations

from typing import Any

import pytest

from channels.connectors.conformance.facts import Facts
from channels.connectors.conformance.making import HOOK_ADDRESS
from channels.errors import UnexpectedPayload


class Webhooks(Facts):
    """Webhooks: registered once, removed, read strictly."""

    def test_webhooks_are_registered_once_and_removed(self, shop: Any) -> None:
        connector = shop.connect()
        connector.register_hooks(HOOK_ADDRESS)
        first = list(connector.hooks())
        connector.register_hooks(HOOK_ADDRESS)
        assert list(connector.hooks()) == first
        assert first
        assert all(hook.is_active for hook in first)
        connector.unregister_hooks(HOOK_ADDRESS)
        assert list(connector.hooks()) == []

    def test_a_webhook_that_is_not_json_is_unexpected(self, shop: Any) -> None:
        with pytest.raises(UnexpectedPayload):
            type(shop.connect()).parse_hook(body=b"<html>", headers={})
