"""Addresses of the Problems pages."""

from __future__ import annotations

from django.urls import path

from channels.views import problem_actions, problem_replays, problems, problems_lists

urlpatterns = [
    path("", problems.open_problems, name="problems"),
    path("waiting/", problems_lists.WaitingList.as_view(), name="problems-waiting"),
    path("waiting/<int:pk>/try-now/", problems_lists.try_now_one, name="problem-try-now"),
    path("snoozed/", problems.snoozed, name="problems-snoozed"),
    path("resolved/", problems_lists.ResolvedList.as_view(), name="problems-resolved"),
    path("ignored/", problems_lists.IgnoredList.as_view(), name="problems-ignored"),
    path("tried/", problem_replays.ReplayList.as_view(), name="problem-replays"),
    path("tried/<int:pk>/", problem_replays.replay, name="problem-replay"),
    path("tried/<int:pk>/progress/", problem_replays.progress, name="problem-replay-progress"),
    path("tried/<int:pk>/cancel/", problem_replays.cancel, name="problem-replay-cancel"),
    path("<int:pk>/", problems.problem, name="problem"),
    path("<int:pk>/try-again/", problem_actions.try_again, name="problem-try-again"),
    path("<int:pk>/mend/<slug:way>/", problem_actions.mend, name="problem-mend"),
    path("<int:pk>/ignore/", problem_actions.ignore, name="problem-ignore"),
    path("<int:pk>/open-again/", problem_actions.open_again, name="problem-open-again"),
    path("<int:pk>/confirm/", problem_actions.confirm, name="problem-confirm"),
    path("<int:pk>/snooze/", problem_actions.snooze, name="problem-snooze"),
    path("<int:pk>/wake/", problem_actions.wake, name="problem-wake"),
    path("<int:pk>/assign/", problem_actions.assign, name="problem-assign"),
    path("<int:pk>/comment/", problem_actions.comment, name="problem-comment"),
]
