"""Every address that needs no company, with the reason; a test compares it with all the addresses there are.

A page is either guarded (``portal.companies.guard``), an API view with a ``scope_area``, or named here.
"""

from __future__ import annotations

# Whole branches that guard themselves: allauth's pages, and the admin (staff only, second factor).
SELF_GUARDED = ("accounts/", "admin/")

# Open to the world.
PUBLIC = {
    "invitation": "the link in an invitation is the key",
    "partner-invitation": "the link in an invitation is the key",
    "sign-up-address": "checks the form of a typed address before there is anybody to log in",
    "channels:hook": "stores call it; its address holds a secret key and the body is signed where the store can",
    "channels:callback": "stores call it with the outcome of a consent; it is checked against what was begun here",
    "channels:app": "a store's admin calls it when our app is installed, opened or removed; the call is signed",
    "api-schema": "describes the API and holds no data",
    "api-docs": "describes the API and holds no data",
    "sandbox-mails": "shows mails in a sandbox only, where signing up needs them; a 404 elsewhere",
    "theme": "light or dark, kept in a cookie",
    "help": "guides hold no data",
    "help-page": "guides hold no data",
    "help-drawer": "guides hold no data",
    "health": "what a load balancer asks",
    "healthz": "what decides whether to restart a web process; tells states of parts, no data",
    "readyz": "what decides whether everything works; tells states of parts, no data",
    "status": "how each function works, for anybody; holds no company's data",
    "metrics": "figures for Prometheus, behind a token of its own; a 404 without",
}

# A person must be logged in but needs no company.
ANY_PERSON = {
    "profile": "one's own name, time zone and theme",
    "help-feedback": "what one thinks of a guide; it is stored with one's own name",
    "company-menu": "the companies that one works for",
    "company-create": "how a person gets a company",
    "company-switch": "changes to a company that one works for; any other is a 404",
}
