"""Integrations of the cast, and connections that one of its people is making."""

from __future__ import annotations

from dataclasses import replace

from channels.models import ConnectDraft, Outbound, Problem
from channels.tests.factories import make_integration
from portal.companies import audit
from portal.companies.tests.factories import MembershipFactory
from portal.tests.examples.base import Cast, Example, Maker

_STEPS = ("name", "authorise", "paste", "address", "waiting", "consent", "check", "check-run", "sync", "cancel")
_PAGES = (
    "",
    "-connected",
    "-arriving",
    "-jobs",
    "-sync-now",
    "-pause",
    "-resume",
    "-resume-orders",
    "-settings",
    "-activity",
    "-queue",
    "-problems",
    "-mapping",
    "-mapping-save",
    "-mapping-read",
    "-remove",
    "-reauthorise",
    "-reauthorise-check",
    "-reauthorise-consent",
)


def _integration(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": make_integration(cast.kingsway).pk})


def _draft(cast: Cast) -> Example:
    maker = MembershipFactory(company=cast.kingsway).user
    draft = ConnectDraft.objects.create(company=cast.kingsway, user=maker, kind="bigcommerce", held={}, name="Shop")
    return Example(cast.kingsway, {"kind": "bigcommerce", "key": draft.key}, user=maker)


def _reauthorising(cast: Cast) -> Example:
    integration = make_integration(cast.kingsway)
    maker = MembershipFactory(company=cast.kingsway).user
    fields = {"company": cast.kingsway, "user": maker, "kind": integration.kind, "integration": integration, "held": {}}
    draft = ConnectDraft.objects.create(**fields)
    return Example(cast.kingsway, {"pk": integration.pk}, user=maker, query=f"?draft={draft.key}")


def _field(cast: Cast) -> Example:
    return replace(_draft(cast), query="?store_hash=abc")


def _problem(cast: Cast) -> Example:
    problem = Problem.objects.create(
        company=cast.kingsway, code="no_such_sku", cause_key="no_such_sku:ABC", sentence="We know no SKU ABC."
    )
    return Example(cast.kingsway, {"pk": problem.pk})


def _outbound(cast: Cast) -> Example:
    row = Outbound.objects.create(integration=make_integration(cast.kingsway), kind="stock", record_id=1)
    return Example(cast.kingsway, {"pk": row.pk})


def _mapping_event(cast: Cast) -> Example:
    integration = make_integration(cast.kingsway)
    event = audit.record(cast.kingsway, "integration.mapped", target=integration, data={"before": {}, "after": {}})
    return Example(cast.kingsway, {"pk": integration.pk, "event": event.pk})


EXAMPLES: dict[str, Maker] = {
    **{f"integration{page}": _integration for page in _PAGES},
    **{f"integration-{step}": _draft for step in _STEPS},
    "integration-address": _field,
    "integration-mapping-undo": _mapping_event,
    "problem": _problem,
    **{f"problem-{act}": _problem for act in ("try-again", "ignore", "open-again", "confirm")},
    "problem-try-now": _outbound,
    "integration-reauthorise-check": _reauthorising,
}

# What varies in these is no object of a company.
NO_OBJECT: dict[str, dict[str, str]] = {
    "integration-add": {"kind": "bigcommerce"},
    "channels:consent-return": {"kind": "bigcommerce"},
    "integration-installed": {"ticket": "nonsense"},
}
