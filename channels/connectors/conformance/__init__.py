"""What every store connector must obey, written once: a connector's ``tests/test_conformance.py`` inherits ``StoreConformance`` in a few lines.

The class works on two fixtures of the connector's own ``conftest.py``, both made of its simulator in process:

- ``open_shop(**values)`` makes a store and returns a ``Shop``; ``empty_shop`` is one; ``shop`` is one with a mug (MUG, 10 units) and a tent in two colours
  (TENT-RED, 17 units; TENT-BLUE, 5 units);
- a ``Shop`` has ``at(method, path, body)`` and ``door(…)`` for the state door, ``fault(name, **values)``, ``calls()``, ``forget_calls()``, ``books()``,
  ``place(**order)`` → order id, ``connect(**session)`` → our connector, ``request(number)`` → an ``OrderRequest``, and ``goods``: SKU → ids.
"""

from channels.connectors.conformance.credentials import Credentials
from channels.connectors.conformance.declared import Declared, OnlyDeclared
from channels.connectors.conformance.listings import Listings
from channels.connectors.conformance.making import HOOK_ADDRESS, LONG_AGO, READS, all_of, lamp, mugs, parcel
from channels.connectors.conformance.orders_out import OrdersOut
from channels.connectors.conformance.parcels import Parcels
from channels.connectors.conformance.reading import Reading
from channels.connectors.conformance.trouble import Trouble
from channels.connectors.conformance.webhooks import Webhooks

__all__ = ["HOOK_ADDRESS", "LONG_AGO", "READS", "OnlyDeclared", "StoreConformance", "all_of", "lamp", "mugs", "parcel"]


class StoreConformance(Credentials, Trouble, Reading, OrdersOut, Parcels, Listings, Webhooks, Declared):
    """Inherit, set the few facts that differ (``Facts``), and every promise of the contract is tested."""
