"""What the frame around every page needs: navigation, counts, banners. Nothing is read before a template asks for it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.companies.models import Company
from portal.companies.scope import Scope
from portal.ui import navigation


class Shell:
    """The frame for one request. Beyond the scope (which pages read anyway) it costs one query for the numbers, and one for banners where there are any."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.path = request.path

    @cached_property
    def scope(self) -> Scope | None:
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        return getattr(self._request, "scope", None) or None

    @property
    def is_own(self) -> bool:
        """Whether this is one of a person's own pages."""
        return self.path.startswith(("/profile/", "/accounts/"))

    @cached_property
    def company(self) -> Company | None:
        return self.scope.company if self.scope else None

    @cached_property
    def _figures(self) -> navigation.Figures:
        return navigation.figures_for(self.scope) if self.scope else {}

    @cached_property
    def items(self) -> list[navigation.Shown]:
        return navigation.items_for(self._request, self.scope, self._figures) if self.scope else []

    @cached_property
    def banners(self) -> list[navigation.Banner]:
        return navigation.banners_for(self.scope, self._figures) if self.scope else []

    @property
    def main(self) -> list[navigation.Shown]:
        return [shown for shown in self.items if not shown.item.foot]

    @property
    def foot(self) -> list[navigation.Shown]:
        return [shown for shown in self.items if shown.item.foot]

    @property
    def phone(self) -> list[navigation.Shown]:
        """The four tabs of a phone; the rest is behind "More"."""
        return sorted((shown for shown in self.items if shown.item.phone), key=lambda shown: shown.item.phone)[:4]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``shell`` in every template, and whether this is a sandbox whose mails can be read."""
    return {"shell": Shell(request), "sandbox_mails": settings.SANDBOX}
