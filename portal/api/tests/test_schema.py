"""The schema tells the truth: it validates, and the API keeps it."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient


def test_the_schema_validates_without_a_warning(db, tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yaml"))


def test_the_schema_says_how_refusals_look_and_how_to_get_in(db):
    schema = APIClient().get("/api/schema/", {"format": "json"}).json()
    operation = schema["paths"]["/api/v1/partners/"]["get"]
    assert operation["responses"]["403"]["content"]["application/json"]["schema"]["$ref"].endswith("/Error")
    assert "apiKey" in schema["components"]["securitySchemes"]


def test_the_docs_page_keeps_the_content_policy(client, db):
    page = client.get("/api/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<style" not in text
    assert "<script>" not in text
    assert "https://" not in text
    assert client.get("/api/docs/?script=").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/company/", "/api/v1/partners/"])
def test_a_viewset_keeps_the_scope_of_its_caller(api, kingsway, path):
    assert api(kingsway, "partners:read").get(path).status_code == 200
