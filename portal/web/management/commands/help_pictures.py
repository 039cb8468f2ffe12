"""``manage.py help_pictures``: take the pictures that stand in the guides, of simulated stores started for it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Take the guides' pictures into static/help/. Needs the development packages and Chromium."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from portal.journey.help_pictures import take_help_pictures
            from portal.journey.shots_camera import NoChromium
        except ImportError as error:
            raise CommandError(f"{error}. Install requirements/dev.txt and run it again.") from error
        try:
            pictures = take_help_pictures(settings.BASE_DIR / "static" / "help", tell=self.stdout.write)
        except NoChromium as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{len(pictures)} pictures, {sum(one.stat().st_size for one in pictures) // 1000} kB in all.")
