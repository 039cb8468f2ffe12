"""The life of an integration: connect, configure, switch off and on, reauthorise, remove.

Every change is audited; nothing here talks to a store but through its connector.
"""

from __future__ import annotations

from channels.services.configuring import configure, tell_key_end
from channels.services.connecting import (
    Connection,
    SameStoreTwice,
    check_connection,
    check_name,
    connect,
    create_integration,
    read_store,
)
from channels.services.reauthorising import AnotherStore, reauthorise
from channels.services.removing import remove
from channels.services.switching import CatchUp, catch_up, disable, enable, orders_to_catch_up, sync_now

__all__ = [
    "AnotherStore",
    "CatchUp",
    "Connection",
    "SameStoreTwice",
    "catch_up",
    "check_connection",
    "check_name",
    "configure",
    "connect",
    "create_integration",
    "disable",
    "enable",
    "orders_to_catch_up",
    "read_store",
    "reauthorise",
    "remove",
    "sync_now",
    "tell_key_end",
]
