"""What is stuck, for staff: every company's problems, the page that the company sees of a cause, and actions with a reason."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from unfold.decorators import display

from channels import admin_actions, problem_groups
from channels.admin_base import ChannelAdmin
from channels.admin_care import CARE_ACTIONS, GIVE, give_actions
from channels.causes import CAUSES
from channels.models import Problem, ProblemComment, ProblemState, Replay, ReplayItem, ReplayState
from channels.staff_problems import AGE_WORDS, WITH, Asked, companies_in, counts_of
from channels.views.problem_group import group_context
from portal.companies.models import User
from portal.companies.scope import Scope
from portal.companies.staff_actions import StaffAction
from portal.lib.money import display as display_money

PROBLEM_TONES = {ProblemState.OPEN.value: "danger", ProblemState.RESOLVED.value: "success"}
REPLAY_TONES = {
    ReplayState.RUNNING.value: "info",
    ReplayState.DONE.value: "success",
    ReplayState.CANCELLED.value: "warning",
}


@admin.register(Problem)
class ProblemAdmin(ChannelAdmin):
    list_display = (
        "sentence",
        "company",
        "integration",
        "code",
        "state_label",
        "cause_page",
        "stuck",
        "times_seen",
        "first_seen_at",
        "last_seen_at",
        "snoozed_until",
        "assigned_to",
        "staff_assigned_to",
        "resolution",
    )
    list_filter = ("state", "code", "record_type", "last_seen_at", "snoozed_until")
    list_select_related = ("company", "integration", "assigned_to", "staff_assigned_to")
    search_fields = ("sentence", "record_name", "company__name", "integration__name", "cause_key")
    ordering = ("-last_seen_at", "-pk")
    list_before_template = "channels/problems/staff_link.html"
    staff_actions = (*admin_actions.PROBLEM_ACTIONS, *CARE_ACTIONS)

    def staff_actions_for(self, request: HttpRequest) -> list[StaffAction]:
        return [*self.staff_actions, *give_actions(request.user)]

    @display(description="State", label=PROBLEM_TONES, ordering="state")
    def state_label(self, row: Problem) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @admin.display(description="stuck", ordering="value")
    def stuck(self, row: Problem) -> str:
        return display_money(row.value, row.currency) if row.value and row.currency else "-"

    @admin.display(description="as the company sees it")
    def cause_page(self, row: Problem) -> str:
        return format_html('<a href="{}">Open the cause</a>', reverse("admin:channels_problem_cause", args=[row.pk]))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        cause = path("<int:pk>/cause/", view(self.cause), name="channels_problem_cause")
        return [path("causes/", view(self.causes), name="channels_problem_causes"), cause, *super().get_urls()]

    def causes(self, request: HttpRequest) -> HttpResponse:
        """What is stuck at all companies, by cause. Only for staff who may look at problems."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return render(request, "channels/problems/staff_causes.html", causes_context(self, request))

    def cause(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The company's own page of the cause, to look at."""
        rows = Problem.objects.select_related("company", "integration", "outbound", "assigned_to", "staff_assigned_to")
        return render(
            request, "channels/problems/staff.html", staff_context(get_object_or_404(rows, pk=pk), request.user)
        )


def causes_context(model_admin: ProblemAdmin, request: HttpRequest) -> dict[str, object]:
    """The grouped view: the same groups as companies see, of every company, with what can be done to each."""
    asked = Asked.of(request.GET, by=request.user.pk)
    rows = asked.rows()
    kept = request.GET.copy()
    kept.pop("before", None)
    offered = model_admin.get_actions(request)
    return {
        "asked": asked,
        "page": problem_groups.read_groups(rows, None, before=request.GET.get("before", "")),
        "stuck": problem_groups.stuck_of(rows),
        "companies": companies_in(rows),
        "counts": counts_of(rows),
        "causes": sorted((cause.code, cause.title) for cause in CAUSES.values()),
        "owners": [(owner.value, words) for owner, words in problem_groups.OWNERS.items()],
        "ages": list(AGE_WORDS.items()),
        "withs": list(WITH.items()),
        "actions": [(action.name, action.label) for action in CARE_ACTIONS if action.name in offered],
        "gives": [(name, label) for _, name, label in offered.values() if name.startswith(GIVE)],
        "kept": kept.urlencode(),
        "is_later": "before" in request.GET,
        "here": request.path,
        "list_url": reverse("admin:channels_problem_changelist"),
    }


def staff_context(found: Problem, user: User) -> dict[str, object]:
    """The group as its company sees it, without what only its people may do or open."""
    scope = Scope(company=found.company, user=user, allowed=frozenset())
    context = group_context(found, scope=scope)
    items = [(row, item, "") for row, item, _ in context["items"]]
    return {**context, "items": items, "is_staff_page": True, "list_url": reverse("admin:channels_problem_changelist")}


@admin.register(ProblemComment)
class ProblemCommentAdmin(ChannelAdmin):
    list_display = ("text", "author_name", "company", "code", "created_at")
    list_filter = ("code",)
    list_select_related = ("company",)
    search_fields = ("text", "author_name", "company__name", "cause_key")


@admin.register(Replay)
class ReplayAdmin(ChannelAdmin):
    list_display = ("title", "company", "by", "state_label", "released", "started_at", "finished_at", "lease_until")
    list_filter = ("state", "code", "started_at")
    list_select_related = ("company", "by")
    search_fields = ("title", "company__name", "cause_key")

    @display(description="State", label=REPLAY_TONES, ordering="state")
    def state_label(self, row: Replay) -> tuple[str, str]:
        return row.state, row.get_state_display()


@admin.register(ReplayItem)
class ReplayItemAdmin(ChannelAdmin):
    list_display = ("problem", "replay", "verdict", "first_attempt", "outbound")
    list_filter = ("verdict",)
    list_select_related = ("problem", "replay", "first_attempt", "outbound")
    search_fields = ("problem__sentence", "replay__title", "replay__company__name")
