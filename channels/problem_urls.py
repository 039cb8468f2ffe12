"""Addresses of the Problems pages."""

from __future__ import annotations

from django.urls import path

from channels.views import problems, problems_lists

urlpatterns = [
    path("", problems.open_problems, name="problems"),
    path("waiting/", problems_lists.WaitingList.as_view(), name="problems-waiting"),
    path("waiting/<int:pk>/try-now/", problems_lists.try_now_one, name="problem-try-now"),
    path("resolved/", problems_lists.ResolvedList.as_view(), name="problems-resolved"),
    path("ignored/", problems_lists.IgnoredList.as_view(), name="problems-ignored"),
    path("<int:pk>/", problems.problem, name="problem"),
    path("<int:pk>/try-again/", problems.try_again, name="problem-try-again"),
    path("<int:pk>/ignore/", problems.ignore, name="problem-ignore"),
    path("<int:pk>/open-again/", problems.open_again, name="problem-open-again"),
    path("<int:pk>/confirm/", problems.confirm, name="problem-confirm"),
]
