"""A stateful simulator of the Shift4Shop (3dcart) merchant REST API, written from the vendor reference."""

from channels.connectors.shift4shop.simulator.app import create_app

__all__ = ["create_app"]
