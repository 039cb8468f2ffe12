"""Addresses of the portal's own pages."""

from __future__ import annotations

from django.urls import path

from portal.web.reports.views import reports
from portal.web.views import activity, help, help_contact, help_feedback, home, mails, partners, profile, search, shell

urlpatterns = [
    path("", home.home, name="home"),
    path("home/steps/", home.steps, name="home-steps"),
    path("search", search.search, name="search"),
    path("activity/", activity.ActivityList.as_view(), name="activity"),
    path("partners/", partners.PartnerList.as_view(), name="partners"),
    path("reports/", reports, name="reports"),
    path("profile/", profile.profile, name="profile"),
    path("theme/", profile.set_theme, name="theme"),
    path("more/", shell.more, name="more"),
    path("shell/companies/", shell.company_menu, name="company-menu"),
    path("help/", help.index, name="help"),
    path("help/feedback/", help_feedback.feedback, name="help-feedback"),
    path("help/contact/", help_contact.contact, name="help-contact"),
    path("help/<slug:slug>/", help.page, name="help-page"),
    path("help/<slug:slug>/drawer/", help.drawer, name="help-drawer"),
    path("components/", shell.components, name="components"),
    path("sandbox/mails/", mails.mails, name="sandbox-mails"),
]
