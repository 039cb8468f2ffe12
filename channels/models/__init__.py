"""Connections to outside systems and everything that flows over them."""

from channels.models.alert import Alert, AlertMail, AlertReading, AlertRule
from channels.models.draft import ConnectDraft
from channels.models.errand import ErrandState
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
from channels.models.problem import Problem, ProblemComment, ProblemState
from channels.models.rate import RateBudget
from channels.models.reconcile import Difference, Reconciliation
from channels.models.replay import Replay, ReplayItem, ReplayState
from channels.models.run import Heartbeat, RunResult, StepState, StoreClock, SyncRun
from channels.models.status import FunctionStatus, Level, StatusDay
from channels.models.valuemap import ValueMap
from channels.models.webhook import Delivery, DeliveryAttempt, WebhookEndpoint

__all__ = [
    "Alert",
    "AlertMail",
    "AlertReading",
    "AlertRule",
    "ConnectDraft",
    "Credential",
    "CustomerLink",
    "Difference",
    "Delivery",
    "DeliveryAttempt",
    "ErrandState",
    "FunctionStatus",
    "Health",
    "Heartbeat",
    "Integration",
    "Level",
    "ListingLink",
    "OrderLink",
    "Outbound",
    "OutboundKind",
    "OutboundState",
    "Problem",
    "ProblemComment",
    "ProblemState",
    "ProductLink",
    "RateBudget",
    "Receipt",
    "ReceiptState",
    "Replay",
    "ReplayItem",
    "ReplayState",
    "Reconciliation",
    "RunResult",
    "ShipmentLink",
    "StatusDay",
    "StepState",
    "StoreClock",
    "SupplierOrderLink",
    "SyncRun",
    "ValueMap",
    "VariantLink",
    "WebhookEndpoint",
]
