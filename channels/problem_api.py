"""Problems for programs: what is stuck, and everything that a person can do about it on the Problems page.

An action on a problem is about its cause: it holds for every open problem with the same ``cause_key`` and ``code``, as on the page.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from channels import problem_care, problem_closing, problem_fixes, replays
from channels.causes import cause_of
from channels.models import Problem, ProblemComment, Replay
from channels.problem_groups import who_acts
from portal.companies.api_rows import ScopedReadViewSet
from portal.companies.models import User
from portal.lib.errors import DomainError

LARGEST_ID = 2**62


class ProblemSerializer(serializers.ModelSerializer):
    """Something stuck. Rows with the same ``cause_key`` have one cause; ``action`` says what to do and ``who_acts`` who; ``value`` is what is stuck.
    ``assigned_to`` is the address of the colleague who sees to it; ``with_staff`` says that Tradelane's staff do, too, who have no address here."""

    integration_id = serializers.IntegerField(allow_null=True, read_only=True)
    title = serializers.SerializerMethodField()
    action = serializers.SerializerMethodField()
    who_acts = serializers.SerializerMethodField()
    assigned_to = serializers.SerializerMethodField()
    with_staff = serializers.SerializerMethodField()

    class Meta:
        model = Problem
        fields = (
            "id",
            "integration_id",
            "code",
            "cause_key",
            "title",
            "sentence",
            "action",
            "who_acts",
            "record_type",
            "record_id",
            "record_name",
            "value",
            "currency",
            "state",
            "snoozed_until",
            "assigned_to",
            "with_staff",
            "first_seen_at",
            "last_seen_at",
            "times_seen",
            "resolved_at",
            "resolution",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.EmailField(allow_null=True))
    def get_assigned_to(self, row: Problem) -> str | None:
        return row.assigned_to.email if row.assigned_to else None

    def get_with_staff(self, row: Problem) -> bool:
        return row.staff_assigned_to_id is not None

    def get_title(self, row: Problem) -> str:
        return cause_of(row.code).title

    def get_action(self, row: Problem) -> str:
        return cause_of(row.code).action

    def get_who_acts(self, row: Problem) -> str:
        return who_acts(row, self.context["request"].scope.company)


class SnoozeSerializer(serializers.Serializer):
    until = serializers.DateTimeField(
        help_text="At most 30 days ahead. The cause is back earlier if it meets another record."
    )


class AssignSerializer(serializers.Serializer):
    person = serializers.EmailField(allow_null=True, help_text="A colleague who may work on problems; null for nobody.")


class CommentTextSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=1000)


class CommentSerializer(serializers.ModelSerializer):
    """What somebody said about the cause."""

    class Meta:
        model = ProblemComment
        fields = ("id", "author_name", "text", "created_at")
        read_only_fields = fields


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300)


class MendSerializer(serializers.Serializer):
    """``match`` needs ``line`` (an id of a line of the order) and ``variant`` or ``own``; ``settle`` may have ``words``, the others need nothing."""

    way = serializers.ChoiceField(
        choices=[way.value for way in problem_fixes.Here if way != problem_fixes.Here.ADDRESS]
    )
    line = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    variant = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    own = serializers.BooleanField(required=False, default=False)
    words = serializers.CharField(required=False, allow_blank=True, max_length=280, default="")

    def answers(self) -> dict[str, str]:
        """As a form would send them."""
        asked = self.validated_data
        numbers = {name: str(asked[name]) for name in ("line", "variant") if name in asked}
        return {**numbers, "own": "1" if asked["own"] else "", "words": asked["words"]}


class SaidSerializer(serializers.Serializer):
    """What was done, in a sentence."""

    sentence = serializers.CharField()


class ReplayRowSerializer(serializers.ModelSerializer):
    """One trying again of a cause; ask for it alone to read how far it is."""

    class Meta:
        model = Replay
        fields: tuple[str, ...] = ("id", "code", "cause_key", "title", "state", "started_at", "finished_at")
        read_only_fields = fields


class ReplaySerializer(ReplayRowSerializer):
    """One trying again of a cause: how far it is. ``results`` are numbers of records by what was done, ``answers`` what the stores said to those sent."""

    total = serializers.SerializerMethodField()
    done = serializers.SerializerMethodField()
    results = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()

    class Meta(ReplayRowSerializer.Meta):
        fields = (*ReplayRowSerializer.Meta.fields, "total", "done", "results", "answers")
        read_only_fields = fields

    @cached_property
    def _reports(self) -> dict[int, replays.Report]:
        """What was read for the fields of a row, by its id."""
        return {}

    def _report(self, row: Replay) -> replays.Report:
        if row.pk not in self._reports:
            self._reports[row.pk] = replays.report_on(row)
        return self._reports[row.pk]

    def get_total(self, row: Replay) -> int:
        return self._report(row).total

    def get_done(self, row: Replay) -> int:
        return self._report(row).done

    def get_results(self, row: Replay) -> dict[str, int]:
        return dict(self._report(row).counts)

    def get_answers(self, row: Replay) -> dict[str, int]:
        return dict(self._report(row).ends)


def _post(name: str, asked: type[serializers.Serializer] | None, answer: Any = ProblemSerializer) -> Callable[..., Any]:
    """A change of one problem's cause at ``/problems/{id}/<name>/``."""

    def wrap(method: Callable[..., Any]) -> Callable[..., Any]:
        return extend_schema(request=asked, responses=answer)(
            action(detail=True, methods=("post",), url_path=name, url_name=name)(method)
        )

    return wrap


def _asked(request: Request, shape: type[serializers.Serializer]) -> Any:
    """The body, checked. Raises ValidationError."""
    asked = shape(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked


class ProblemViewSet(ScopedReadViewSet):
    """What is stuck, and what was: open, resolved, ignored. Snoozed ones are open with a ``snoozed_until`` ahead."""

    scope_area = "problems"
    serializer_class = ProblemSerializer
    queryset = Problem.objects.none()
    filterset_fields = ("state", "code", "integration_id", "cause_key")

    def rows(self) -> QuerySet:
        return self.request.scope.rows(Problem).select_related("assigned_to", "company", "integration", "outbound")

    def _now(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    @_post("snooze", SnoozeSerializer)
    def snooze(self, request: Request, pk: str | None = None) -> Response:
        """Put the cause off until a time."""
        found = self.get_object()
        until = _asked(request, SnoozeSerializer).validated_data["until"]
        problem_care.snooze(found, until=until, scope=request.scope)
        return self._now()

    @_post("wake", None)
    def wake(self, request: Request, pk: str | None = None) -> Response:
        """Bring a snoozed cause back now. Twice changes nothing."""
        problem_care.wake(self.get_object(), scope=request.scope)
        return self._now()

    @_post("assign", AssignSerializer)
    def assign(self, request: Request, pk: str | None = None) -> Response:
        """Give the cause to a colleague, or to nobody. Who of Tradelane's staff has it keeps it."""
        found = self.get_object()
        email = _asked(request, AssignSerializer).validated_data["person"]
        problem_care.assign(found, to=_colleague(found, email) if email else None, scope=request.scope)
        return self._now()

    @_post("ignore", ReasonSerializer)
    def ignore(self, request: Request, pk: str | None = None) -> Response:
        """Put the cause away with a reason; it does not come back for these records."""
        found = self.get_object()
        reason = _asked(request, ReasonSerializer).validated_data["reason"]
        problem_closing.ignore(found, reason=reason, scope=request.scope)
        return self._now()

    @_post("open-again", None)
    def open_again(self, request: Request, pk: str | None = None) -> Response:
        """Take an ignored cause up again."""
        problem_closing.open_again(self.get_object(), scope=request.scope)
        return self._now()

    @_post("mend", MendSerializer, SaidSerializer)
    def mend(self, request: Request, pk: str | None = None) -> Response:
        """Decide what holds the records up: what a line is, that an order may go through, that partners agreed."""
        found = self.get_object()
        asked = _asked(request, MendSerializer)
        said = problem_fixes.mend(found, asked.validated_data["way"], asked.answers(), scope=request.scope)
        return Response({"sentence": said})

    @_post("try-again", None, ReplaySerializer)
    def try_again(self, request: Request, pk: str | None = None) -> Response:
        """Send or read again what the cause keeps stuck. What is there or under way is skipped, so calling twice makes nothing twice."""
        replay = replays.begin(self.get_object(), scope=request.scope)
        return Response(ReplaySerializer(replay).data, status=status.HTTP_201_CREATED)

    @extend_schema(methods=["post"], request=CommentTextSerializer, responses={201: CommentSerializer})
    @extend_schema(methods=["get"], responses=CommentSerializer(many=True))
    @action(detail=True, methods=("get", "post"), pagination_class=None, filterset_fields=())
    def comments(self, request: Request, pk: str | None = None) -> Response:
        """What was said about the cause, and saying something."""
        found = self.get_object()
        if request.method == "GET":
            return Response(CommentSerializer(problem_care.comments_on(found), many=True).data)
        text = _asked(request, CommentTextSerializer).validated_data["text"]
        made = problem_care.comment(found, text, scope=request.scope)
        return Response(CommentSerializer(made).data, status=status.HTTP_201_CREATED)


def _colleague(problem: Problem, email: str) -> User:
    found = [user for user in problem_care.people_of(problem.company) if user.email.lower() == email.lower()]
    if not found:
        raise DomainError("Nobody of your company who may work on problems has this address.", field="person")
    return found[0]


class ReplayViewSet(ScopedReadViewSet):
    """What was tried again, newest first."""

    scope_area = "problems"
    serializer_class = ReplaySerializer
    queryset = Replay.objects.none()
    filterset_fields = ("state", "code")

    def rows(self) -> QuerySet:
        return self.request.scope.rows(Replay)

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return ReplayRowSerializer if self.action == "list" else ReplaySerializer

    @_post("cancel", None, ReplaySerializer)
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Leave alone what was not tried yet."""
        replays.cancel(self.get_object(), scope=request.scope)
        return self._report()

    def _report(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


def register(router: BaseRouter) -> None:
    """Add this module's endpoints."""
    router.register("problems", ProblemViewSet, basename="problem")
    router.register("replays", ReplayViewSet, basename="replay")
