"""The portal as its web server calls it: the whole WSGI application in this process, without sockets."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client

from portal.companies.models import Company, Membership, Role, User
from portal.companies.services import create_api_key

_ENVIRON = {
    "REQUEST_METHOD": "GET",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "8000",
    "HTTP_HOST": "127.0.0.1:8000",
    "REMOTE_ADDR": "127.0.0.1",
    "wsgi.url_scheme": "http",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


class Door:
    """Answers to GET for one caller; ``headers`` in WSGI's names."""

    def __init__(self, **headers: str) -> None:
        self._app: Callable[..., Any] = get_wsgi_application()
        self._environ = {**_ENVIRON, **headers}

    @classmethod
    def of_program(cls, company: Company) -> Door:
        """With a key of ``company`` that may read its goods."""
        issued = create_api_key(company, name="Bench", scopes=["products:read"], by=None)
        return cls(HTTP_AUTHORIZATION=f"Bearer {issued.token}")

    @classmethod
    def of_person(cls, company: Company) -> Door:
        """With a session of an owner of ``company``."""
        user = User.objects.create_user(f"bench-{company.pk}@example.com", None, name="Bench")
        Membership.objects.create(company=company, user=user, role=Role.OWNER)
        client = Client()
        client.force_login(user, backend="portal.companies.backends.PersonBackend")
        name = settings.SESSION_COOKIE_NAME
        return cls(HTTP_COOKIE=f"{name}={client.cookies[name].value}")

    def get(self, address: str) -> bytes:
        """The body at ``address``. Raises RuntimeError for anything but 200."""
        path, _, query = address.partition("?")
        heads: list[str] = []
        environ = {**self._environ, "PATH_INFO": path, "QUERY_STRING": query}
        environ |= {"wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr}
        answer = self._app(environ, lambda status, headers, error=None: heads.append(status))
        body = b"".join(answer)
        answer.close()
        if not heads[0].startswith("200"):
            raise RuntimeError(f"{address} answered {heads[0]}")
        return body
