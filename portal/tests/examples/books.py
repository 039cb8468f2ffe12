"""The books of an integration of the cast, and a difference in them."""

from __future__ import annotations

from channels.reconcile.tests.factories import make_difference, make_reconciliation
from channels.tests.factories import make_integration
from portal.tests.examples.base import Cast, Example, Maker


def _integration(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": make_integration(cast.kingsway).pk})


def _difference(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": make_difference(make_integration(cast.kingsway)).pk})


def _reconciliation(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": make_reconciliation(make_integration(cast.kingsway)).pk})


EXAMPLES: dict[str, Maker] = {
    "integration-books": _integration,
    "integration-books-progress": _integration,
    "integration-reconcile": _integration,
    "integration-differences": _integration,
    "difference-choose": _difference,
    "api:reconciliation-detail": _reconciliation,
    "api:difference-detail": _difference,
    "api:difference-choose": _difference,
}
