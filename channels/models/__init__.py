"""Connections to outside systems and everything that flows over them."""

from channels.models.draft import ConnectDraft
from channels.models.inbox import Receipt, ReceiptState
from channels.models.integration import Credential, Health, Integration
from channels.models.link import (
    CustomerLink,
    ListingLink,
    OrderLink,
    ProductLink,
    ShipmentLink,
    SupplierOrderLink,
    VariantLink,
)
from channels.models.outbox import Outbound, OutboundKind, OutboundState
from channels.models.problem import Problem, ProblemState
from channels.models.rate import RateBudget
from channels.models.run import Heartbeat, RunResult, StepState, SyncRun
from channels.models.valuemap import ValueMap

__all__ = [
    "ConnectDraft",
    "Credential",
    "CustomerLink",
    "Health",
    "Heartbeat",
    "Integration",
    "ListingLink",
    "OrderLink",
    "Outbound",
    "OutboundKind",
    "OutboundState",
    "Problem",
    "ProblemState",
    "ProductLink",
    "RateBudget",
    "Receipt",
    "ReceiptState",
    "RunResult",
    "ShipmentLink",
    "StepState",
    "SupplierOrderLink",
    "SyncRun",
    "ValueMap",
    "VariantLink",
]
