"""Re-encrypt every stored credential with the newest key: add a key first, run this, then remove the old key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from channels.models import Credential


class Command(BaseCommand):
    help = "Re-encrypt stored credentials with the newest of FIELD_ENCRYPTION_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for credential in Credential.objects.iterator(chunk_size=200):
            credential.save(update_fields=["secret"])
            count += 1
        self.stdout.write(f"{count} credentials re-encrypted.")
