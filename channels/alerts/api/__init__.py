"""Alerts for programs: rules, alerts, webhooks and what was delivered to them."""

from __future__ import annotations

from rest_framework.routers import BaseRouter

from channels.alerts.api.alerts import AlertViewSet
from channels.alerts.api.deliveries import DeliveryViewSet
from channels.alerts.api.endpoints import EndpointViewSet
from channels.alerts.api.rules import RuleViewSet


def register(router: BaseRouter) -> None:
    """Add this package's endpoints."""
    router.register("alert-rules", RuleViewSet, basename="alert-rule")
    router.register("alerts", AlertViewSet, basename="alert")
    router.register("webhook-endpoints", EndpointViewSet, basename="webhook-endpoint")
    router.register("webhook-deliveries", DeliveryViewSet, basename="webhook-delivery")
