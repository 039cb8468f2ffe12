"""What all pages for people share: a strict content policy, own cookie, and no posts from other sites."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

COOKIE = "shift4shop_sandbox"
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"


def mount(app: Flask) -> None:
    """Give the application its cookie and the headers of its pages."""
    app.secret_key = secrets.token_bytes(32)
    app.config.update(SESSION_COOKIE_NAME=COOKIE, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax")
    app.after_request(_add_headers)


def allow_forms_to(origin: str) -> None:
    """Let the forms of this page end, by a redirect, at another origin too."""
    g.form_target = origin


def check_origin() -> None:
    """End a post that another site's page made, with 403."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        abort(403)


def _add_headers(response: Response) -> Response:
    if response.mimetype != "text/html":
        return response
    target = g.get("form_target", "")
    response.headers["Content-Security-Policy"] = f"{_POLICY}; form-action 'self' {target}".rstrip()
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
