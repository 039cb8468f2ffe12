"""Addresses of people, companies and partners."""

from __future__ import annotations

from django.urls import path

from portal.companies.views import company, entering, keys, partners, people

urlpatterns = [
    path("sign-up/address/", entering.check_address, name="sign-up-address"),
    path("invitations/<str:token>/", entering.invitation, name="invitation"),
    path("partner-invitations/<str:token>/", entering.partner_invitation, name="partner-invitation"),
    path("company/new/", entering.new_company, name="company-create"),
    path("company/switch/", entering.switch_company, name="company-switch"),
    path("settings/company/", company.company_settings, name="company-settings"),
    path("settings/company/address/", company.company_address, name="company-address"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/<int:pk>/role/", people.set_role, name="person-role"),
    path("settings/people/<int:pk>/remove/", people.remove, name="person-remove"),
    path("settings/people/invitations/<int:pk>/withdraw/", people.withdraw, name="person-invitation-withdraw"),
    path("settings/keys/", keys.api_keys, name="api-keys"),
    path("settings/keys/<int:pk>/revoke/", keys.revoke, name="api-key-revoke"),
    path("partners/invite/", partners.invite, name="partner-invite"),
    path("partners/<int:pk>/", partners.partner, name="partner"),
    path("partners/<int:pk>/accept/", partners.accept, name="partner-accept"),
    path("partners/<int:pk>/pause/", partners.pause, name="partner-pause"),
    path("partners/<int:pk>/resume/", partners.resume, name="partner-resume"),
    path("partners/<int:pk>/end/", partners.end, name="partner-end"),
    path("partners/<int:pk>/terms/", partners.terms, name="partner-terms"),
]
