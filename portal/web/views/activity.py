"""Activity: who did what in the company."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.companies.models import AuditEvent
from portal.companies.models.audit import ActorKind
from portal.companies.permissions import Can
from portal.ui.lists import ChoiceFilter, Column, Empty, ListView, PeriodFilter


def _actor(event: AuditEvent) -> str:
    return str(event.user) if event.user else event.actor_name or event.get_actor_kind_display()


def _sentence(event: AuditEvent) -> str:
    return event.sentence or f"{event.action} {event.target_name}".strip()


class ActivityList(ListView):
    """Every recorded action of the company, newest first."""

    name = "activity"
    title = "Activity"
    permission = Can.VIEW
    model = AuditEvent
    order = "-at"
    search = ("sentence__icontains", "target_name__icontains", "action__istartswith")
    search_hint = "Words, names, actions"
    help_slug = "lists"
    columns = (
        Column("at", "When", kind="time", sort="at", newest_first=True, place="1r"),
        Column("what", "What", value=_sentence, place="1l"),
        Column("who", "Who", value=_actor, place="2l"),
        Column("kind", "By", value=lambda event: event.get_actor_kind_display(), hide="lg", place="2r"),
        Column("action", "Action", kind="code", hide="md", extra_class="t2", shown=False),
        Column("reason", "Reason", shown=False),
    )
    filters = (
        ChoiceFilter("by", "By", ActorKind.choices, field="actor_kind"),
        PeriodFilter("at_day", "When", field="at"),
    )
    empty = Empty(
        icon="history",
        title="Nothing recorded yet",
        text="Every change that a person, a key or a job makes is written here, with its time.",
    )

    def rows(self) -> QuerySet:
        return self.request.scope.rows(AuditEvent).select_related("user")
