"""Alert rules, alerts, webhooks and deliveries of the cast."""

from __future__ import annotations

from channels.alerts import endpoints
from channels.models import Alert, AlertRule, Delivery, WebhookEndpoint
from portal.lib import clock
from portal.tests.examples.base import Cast, Example, Maker


def _rule(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": AlertRule.objects.create(company=cast.kingsway, name="Large ones").pk})


def _alert(cast: Cast) -> Example:
    alert = Alert.objects.create(
        company=cast.kingsway,
        rule_id=_rule(cast).values["pk"],
        cause_key="no_such_sku:ABC",
        code="no_such_sku",
        title="6 orders: a SKU is not among the listings",
        stuck_since=clock.now(),
    )
    return Example(cast.kingsway, {"pk": alert.pk})


def _endpoint(cast: Cast) -> WebhookEndpoint:
    return endpoints.create(cast.kingsway, name="ERP", url="https://erp.example.com/hooks", by=None).endpoint


def _webhook(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": _endpoint(cast).pk})


def _delivery(cast: Cast) -> Example:
    row = Delivery.objects.create(endpoint=_endpoint(cast), event="webhook.test")
    return Example(cast.kingsway, {"pk": row.endpoint_id, "delivery_id": row.pk})


def _delivery_alone(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": _delivery(cast).values["delivery_id"]})


EXAMPLES: dict[str, Maker] = {
    **{f"alert-rule{page}": _rule for page in ("", "-switch", "-test", "-remove")},
    **{f"webhook{page}": _webhook for page in ("", "-edit", "-switch", "-rotate", "-test", "-remove", "-resend")},
    "webhook-delivery": _delivery,
    "webhook-delivery-resend": _delivery,
    **{f"api:alert-rule-{act}": _rule for act in ("detail", "preview", "test")},
    "api:alert-detail": _alert,
    **{f"api:webhook-endpoint-{act}": _webhook for act in ("detail", "rotate", "test", "resend")},
    "api:webhook-delivery-detail": _delivery_alone,
    "api:webhook-delivery-resend": _delivery_alone,
}
