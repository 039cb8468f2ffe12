"""Secrets: encrypted, bound to their company, rotated, never shown."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.core.exceptions import FieldError
from django.core.management import call_command
from django.db import connection

from channels import credentials
from channels.models import Credential
from channels.tests.factories import make_company, make_integration

pytestmark = pytest.mark.django_db


def stored_text() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM channels_credential")
        return cursor.fetchone()[0]


@pytest.mark.row("S4-13")
def test_the_database_holds_no_secret_in_clear():
    integration = make_integration()
    assert "secret-token" not in stored_text()
    assert credentials.read(integration)["access_token"] == "secret-token"


def test_a_row_copied_to_another_company_does_not_open():
    ours = make_integration()
    theirs = make_integration(make_company("Stranger"))
    Credential.objects.filter(integration=theirs).delete()
    Credential.objects.filter(integration=ours).update(integration=theirs)
    with pytest.raises(credentials.NoCredentials):
        credentials.read(theirs)


def test_rotation_reads_with_the_old_key_and_writes_with_the_new(settings):
    integration = make_integration()
    old = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *old]
    call_command("rotate_credentials")
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]
    assert credentials.read(integration)["access_token"] == "secret-token"


def test_secrets_are_neither_dumped_nor_searched():
    make_integration()
    with pytest.raises(FieldError):
        serializers.serialize("json", Credential.objects.all())
    with pytest.raises(FieldError):
        Credential.objects.filter(secret="x").exists()


def test_a_secret_is_masked_to_its_last_four():
    assert credentials.mask("abcdefghijkl") == "•••• ijkl"
    assert credentials.mask("short") == "••••"
