"""The Mapping tab of an integration: its store's order statuses, read there, and what each means to us; shipping methods seen on orders."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from channels import mapping
from channels.credentials import NoCredentials
from channels.errors import ChannelError
from channels.forms_mapping import MappingForm
from channels.models import Integration, ValueMap
from channels.seen_texts import shipping_methods
from channels.session import open_connector
from channels.statuses import has_statuses, known_statuses, read_statuses
from channels.views.detail import frame, with_integration
from portal.companies.models import AuditEvent
from portal.companies.permissions import Can
from portal.lib.errors import DomainError


@with_integration(Can.VIEW)
@require_GET
def show(request: HttpRequest, integration: Integration) -> HttpResponse:
    """What stands; the store is asked while nothing was ever read."""
    rows = known_statuses(integration)
    said = ""
    if not rows and has_statuses(integration):
        rows, said = _read(integration)
    return _page(request, integration, _form(integration, rows), rows, said)


@with_integration(Can.INTEGRATIONS)
@require_POST
def save(request: HttpRequest, integration: Integration) -> HttpResponse:
    """Keep what was chosen, with an undo."""
    rows = known_statuses(integration)
    form = _form(integration, rows, data=request.POST)
    if form.is_valid():
        try:
            event = mapping.choose(integration, form.meanings(), form.chosen_written(), by=request.user)
        except DomainError as error:
            form.add_error(None, error.sentence)
        else:
            _tell(request, integration, event)
            return redirect("integration-mapping", integration.pk)
    return _page(request, integration, form, rows)


def _tell(request: HttpRequest, integration: Integration, event: AuditEvent | None) -> None:
    if event is None:
        messages.info(request, "Nothing was changed.")
        return
    undo = reverse("integration-mapping-undo", args=[integration.pk, event.pk])
    said = "Saved. Orders of the last 30 days are looked at again." if integration.sells else "Saved."
    messages.success(request, said, extra_tags=f"undo:{undo}")


@with_integration(Can.INTEGRATIONS)
@require_POST
def undo(request: HttpRequest, integration: Integration, event: int) -> HttpResponse:
    """Put back what stood before."""
    events = request.scope.rows(AuditEvent).filter(
        action=mapping.ACTION, target_type="integration", target_id=str(integration.pk)
    )
    try:
        mapping.undo(get_object_or_404(events, pk=event), integration, by=request.user)
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, "The mapping is what it was before.")
    return redirect("integration-mapping", integration.pk)


@with_integration(Can.INTEGRATIONS)
@require_POST
def read_again(request: HttpRequest, integration: Integration) -> HttpResponse:
    """Ask the store now."""
    _, said = _read(integration)
    if said:
        messages.error(request, said)
    else:
        messages.success(request, f"The statuses of {integration.name} were read again.")
    return redirect("integration-mapping", integration.pk)


def _read(integration: Integration) -> tuple[list[ValueMap], str]:
    """The statuses as the store tells them now, or those known and why it could not be asked."""
    try:
        return read_statuses(integration, open_connector(integration)), ""
    except (ChannelError, NoCredentials) as error:
        why = getattr(error, "message", "") or str(error)
        return known_statuses(integration), f"The store could not be asked for its statuses. {why}"


def _form(integration: Integration, rows: list[ValueMap], *, data: Any = None) -> MappingForm:
    lines = mapping.status_lines(integration, rows)
    written = mapping.written_fields(integration)
    return MappingForm(data, integration=integration, lines=lines, written=written, rows=rows)


def _page(
    request: HttpRequest, integration: Integration, form: MappingForm, rows: list[ValueMap], said: str = ""
) -> HttpResponse:
    context = frame(
        request,
        integration,
        "mapping",
        form=form,
        said=said,
        has_statuses=has_statuses(integration),
        read_at=max((row.read_at for row in rows if row.read_at), default=None),
        methods=shipping_methods(integration),
        help_slug="mapping",
    )
    return render(request, "channels/detail/mapping.html", context)
