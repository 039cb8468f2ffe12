"""Addresses of the books."""

from __future__ import annotations

from django.urls import path

from channels.reconcile import views

_ONE = "integrations/<int:pk>/books/"

urlpatterns = [
    path(_ONE, views.books, name="integration-books"),
    path(f"{_ONE}progress/", views.progress, name="integration-books-progress"),
    path(f"{_ONE}compare/", views.reconcile_now, name="integration-reconcile"),
    path(f"{_ONE}differences/", views.DifferenceList.as_view(), name="integration-differences"),
    path("differences/<int:pk>/choose/", views.choose_one, name="difference-choose"),
]
