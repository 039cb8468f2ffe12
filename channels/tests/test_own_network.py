"""No address that a person types can make us request anything but the channel's own hosts: not our own network, in none of its spellings."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import requests
from requests.adapters import BaseAdapter

from channels import session
from channels.registry import CONNECTORS
from channels.services import Connection, check_connection
from channels.tests.factories import make_company

pytestmark = pytest.mark.django_db
TYPED = (
    "http://127.0.0.1:8000/",
    "https://localhost/",
    "http://[::1]/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.8/",
    "http://192.168.1.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://localtest.me/",
    "https://user@127.0.0.1/",
    "https://shop.3dcartstores.com@127.0.0.1/",
    "https://shop.3dcartstores.com.evil.example/",
)


class Witness(BaseAdapter):
    """Answers every request with 401 and remembers where it would have gone."""

    def __init__(self) -> None:
        super().__init__()
        self.hosts: set[str] = set()

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        self.hosts.add(urlsplit(str(request.url)).hostname or "")
        response = requests.Response()
        response.status_code, response.request, response.url = 401, request, str(request.url)
        response._content = b"{}"
        return response

    def close(self) -> None:
        return


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("kind", sorted(CONNECTORS))
def test_a_live_companys_check_goes_to_the_channels_hosts_only(kind: str, typed: str, settings, monkeypatch):
    company = make_company()
    company.is_sandbox = False
    witness = Witness()
    monkeypatch.setitem(session.TRANSPORTS, kind, witness)
    fields = {field.name: "x" * 12 for field in CONNECTORS[kind].credential_fields}
    fields[CONNECTORS[kind].credential_fields[0].name] = typed
    list(check_connection(company, Connection(kind=kind, name="A", credentials=fields, store_address=typed)))
    own = {urlsplit(url).hostname for url in settings.CHANNEL_HOSTS[kind]["live"].values()}
    assert witness.hosts <= own


@pytest.mark.parametrize("kind", sorted(CONNECTORS))
def test_only_the_sandbox_reaches_the_sandbox(kind: str, settings):
    sandbox = set(settings.CHANNEL_HOSTS[kind]["sandbox"].values())
    assert sandbox.isdisjoint(session.hosts_of(kind, is_sandbox=False).values())
    assert set(session.hosts_of(kind, is_sandbox=True).values()) <= sandbox
