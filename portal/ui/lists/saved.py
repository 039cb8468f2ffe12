"""Saved views and chosen columns: how one person likes a list."""

from __future__ import annotations

from django.http import HttpRequest

from portal.companies.models import SavedView
from portal.lib.prepared import Prepared
from portal.ui.lists.address import Address

_SESSION = "list_columns"
MOST_VIEWS = 20
_OWN = Prepared(
    lambda company, user, name: (
        SavedView.objects.for_company(company).filter(user=user, list_name=name).order_by("name")
    ),
    texts=("name",),
)


def views_of(request: HttpRequest, list_name: str) -> list[SavedView]:
    """The saved views of this person, in this company, of this list."""
    company, user = request.scope.company.pk, request.user.pk
    return _OWN.objects(company=company, user=user, name=list_name, limit=MOST_VIEWS)


def save_view(request: HttpRequest, list_name: str, address: Address, columns: list[str]) -> str:
    """Keep the present filters and columns under the name typed; the same name again replaces it. Returns the sentence to show."""
    name = request.POST.get("name", "").strip()[:60]
    if not name:
        return "Give the view a name first. Nothing was saved."
    SavedView.objects.update_or_create(
        company=request.scope.company,
        user=request.user,
        list_name=list_name,
        name=name,
        defaults={"query": address.saved()[:500], "columns": columns},
    )
    return f"Saved as “{name}”. Only you see it."


def drop_view(request: HttpRequest, list_name: str, key: str) -> str:
    """Forget a saved view of this person. Returns the sentence to show."""
    views = request.scope.rows(SavedView).filter(user=request.user, list_name=list_name)
    view = views.filter(pk=key).first() if key.isdigit() else None
    if view is None:
        return "That view is gone already."
    view.delete()
    return f"“{view.name}” was removed from your views."


def remember_columns(request: HttpRequest, list_name: str, keys: list[str]) -> None:
    """Keep the chosen columns for this session."""
    kept = dict(request.session.get(_SESSION, {}))
    if kept.get(list_name) != keys:
        request.session[_SESSION] = {**kept, list_name: keys}


def remembered_columns(request: HttpRequest, list_name: str) -> list[str]:
    """The columns chosen earlier in this session, empty for none."""
    return request.session.get(_SESSION, {}).get(list_name, [])
