"""Choices that a channel demands and that nobody has made yet."""

from __future__ import annotations

from channels.contract import SettingField
from channels.models import Integration
from channels.registry import connector_class


def missing_settings(integration: Integration) -> list[SettingField]:
    """Required settings without a value, for what flows through ``integration``: until they are chosen, what needs them waits."""
    flows = {"": True, "supplies": integration.supplies, "sells": integration.sells}
    return [
        each
        for each in connector_class(integration.kind).setting_fields
        if each.is_required and flows[each.role] and not str(integration.settings.get(each.name) or each.default)
    ]
