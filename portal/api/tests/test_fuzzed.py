"""Anything that the schema allows, and much that it does not, gets a documented answer and never a 500.

schemathesis makes the calls; the number of examples is small so that the run stays in seconds.
"""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from portal.companies.api_scopes import ALL_SCOPES
from portal.companies.tests.factories import make_key
from portal.wsgi import application

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def written_schema(db: None) -> Any:
    """The schema as it is served."""
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


@pytest.fixture
def token(kingsway: Any, partnership: Any) -> str:
    """A key that may everything, of a company that trades."""
    return make_key(kingsway, *ALL_SCOPES)


def operations(schema: Any) -> list[Any]:
    return [found.ok() for found in schema.get_all_operations()]


def call_many(operation: Any, token: str) -> None:
    """Call ``operation`` with a few made-up inputs; raises with every check that failed and the call to repeat it."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any) -> None:
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

    call()


def test_no_call_breaks_and_each_answer_is_as_written(written_schema: Any, token: str) -> None:
    found = operations(written_schema)
    assert found
    for operation in found:
        call_many(operation, token)
