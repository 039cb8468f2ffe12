"""A simulated BigCommerce: its V2 and V3 APIs, login host, webhooks and a small control panel, with state."""

from __future__ import annotations

from channels.connectors.bigcommerce.simulator.app import create_app

__all__ = ["create_app"]
