"""Addresses of alerts."""

from __future__ import annotations

from django.urls import path

from channels.alerts.views import lists, log, rules, webhooks

_RULE, _HOOK = "rules/<int:pk>/", "webhooks/<int:pk>/"
_DELIVERY = f"{_HOOK}deliveries/<int:delivery_id>/"

urlpatterns = [
    path("", lists.AlertList.as_view(), name="alerts"),
    path("rules/", lists.RuleList.as_view(), name="alert-rules"),
    path("rules/new/", rules.new, name="alert-rule-new"),
    path("rules/preview/", rules.show_preview, name="alert-rule-preview"),
    path(_RULE, rules.edit, name="alert-rule"),
    path(f"{_RULE}switch/", rules.switch, name="alert-rule-switch"),
    path(f"{_RULE}test/", rules.test, name="alert-rule-test"),
    path(f"{_RULE}remove/", rules.remove, name="alert-rule-remove"),
    path("webhooks/", webhooks.EndpointList.as_view(), name="webhooks"),
    path("webhooks/new/", webhooks.new, name="webhook-new"),
    path(_HOOK, log.DeliveryList.as_view(), name="webhook"),
    path(f"{_HOOK}edit/", webhooks.edit, name="webhook-edit"),
    path(f"{_HOOK}switch/", webhooks.switch, name="webhook-switch"),
    path(f"{_HOOK}rotate/", webhooks.rotate, name="webhook-rotate"),
    path(f"{_HOOK}test/", webhooks.test, name="webhook-test"),
    path(f"{_HOOK}remove/", webhooks.remove, name="webhook-remove"),
    path(f"{_HOOK}resend/", log.resend_since, name="webhook-resend"),
    path(_DELIVERY, log.delivery, name="webhook-delivery"),
    path(f"{_DELIVERY}resend/", log.resend, name="webhook-delivery-resend"),
]
