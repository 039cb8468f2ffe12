"""Fifty ways to mistype an address, a hash or a key, each with its sentence; and the ways of copying that are understood."""

from __future__ import annotations

import pytest
from django.urls import reverse

from channels.models import ConnectDraft
from channels.registry import CONNECTORS
from channels.tests.wizard import at, begin, words
from channels.typed import read_field, read_typed

GOOD_TOKEN = "5a6b7c8d9e0f1a2b3c4d5e6f70819203"
HASH, CLIENT, TOKEN = ("bigcommerce", "store_hash"), ("bigcommerce", "client_id"), ("bigcommerce", "access_token")
URL, KEY = ("shift4shop", "secure_url"), ("shift4shop", "token")

WRONG = [
    # A store hash.
    (HASH, "www.acme-outdoor.com", "address that customers see"),
    (HASH, "https://acme-outdoor.com/", "address that customers see"),
    (HASH, "acme-outdoor.co.uk", "address that customers see"),
    (HASH, "shop.acme.com/cart.php", "address that customers see"),
    (HASH, "owner@acme.com", "e-mail address"),
    (HASH, "https://api.bigcommerce.com", "cut off"),
    (HASH, "api.bigcommerce.com", "cut off"),
    (HASH, "https://login.bigcommerce.com/", "page of BigCommerce itself"),
    (HASH, "www.bigcommerce.com", "page of BigCommerce itself"),
    (HASH, "store-abc.mybigcomerce.com", "slip of the pen"),
    (HASH, "store-abc123.mybigcommerse.com", "slip of the pen"),
    (HASH, "acme.mybigcommerce.com", "cannot be read from this address"),
    (HASH, "localhost", "usually has digits"),
    (HASH, "127.0.0.1", "customers see"),
    (HASH, "abc_123!", "no web address"),
    (HASH, "x", "no web address"),
    # A Secure URL.
    (URL, "owner@acme.com", "e-mail address"),
    (URL, "localhost", "no store's address"),
    (URL, "127.0.0.1", "no store's address"),
    (URL, "http://127.0.0.1:8102", "no store's address"),
    (URL, "http://10.0.0.7/admin", "no store's address"),
    (URL, "192.168.1.1", "no store's address"),
    (URL, "169.254.169.254", "no store's address"),
    (URL, "[::1]", "Enter your store's secure URL"),
    (URL, "acme", "only a part of the address"),
    (URL, "https://", "Enter your store's secure URL"),
    (URL, "apirest.3dcart.com", "page of Shift4Shop"),
    (URL, "https://devportal.3dcart.com", "page of Shift4Shop"),
    (URL, "www.shift4shop.com", "page of Shift4Shop"),
    (URL, "3dcart.com", "page of Shift4Shop"),
    (URL, "store-abc123.mybigcommerce.com", "This is a BigCommerce store"),
    (URL, "acme.myshopify.com", "This is a Shopify store"),
    (URL, "acme store.3dcart store.com/%%", "Did you mean"),
    (URL, "acme!.3dcartstores.com", "characters that no address has"),
    (URL, "-acme-.3dcartstores.com", "characters that no address has"),
    # Keys.
    (TOKEN, "•••••••••• 41ce", "hidden form"),
    (TOKEN, "************41ce", "hidden form"),
    (TOKEN, "xxxxxxxxxxxxxxxx", "hidden form"),
    (TOKEN, "k4v9…", "hidden form"),
    (TOKEN, "k4v9x2...", "hidden form"),
    (TOKEN, "owner@acme.com", "e-mail address"),
    (TOKEN, "https://store-k4v9.mybigcommerce.com", "web address"),
    (TOKEN, "www.acme.com", "web address"),
    (TOKEN, "тоkеn12345", "plain letters and digits"),
    (TOKEN, "abc", "too short"),
    (TOKEN, '""', "Enter the access token"),
    (TOKEN, "a" * 900, "too long"),
    (CLIENT, "●●●●●●●●", "hidden form"),
    (KEY, "…", "hidden form"),
    (KEY, "123", "too short"),
    (KEY, "acme@example.com", "e-mail address"),
    (KEY, "https://acme.3dcartstores.com", "web address"),
]

UNDERSTOOD = [
    (HASH, "https://api.bigcommerce.com/stores/k4v9x2q1/v3/", "k4v9x2q1"),
    (HASH, " stores/K4V9X2Q1/v2 ", "k4v9x2q1"),
    (HASH, "https://store-k4v9x2q1.mybigcommerce.com", "k4v9x2q1"),
    (HASH, "store-k4v9x2q1-1.mybigcommerce.com/manage", "k4v9x2q1"),
    (HASH, "K4V9X2Q1", "k4v9x2q1"),
    (HASH, "“k4v9x2q1”", "k4v9x2q1"),
    (URL, " HTTPS://Acme.3dcartstores.com/admin?x=1 ", "acme.3dcartstores.com"),
    (URL, "http//acme.3dcart.net", "acme.3dcart.net"),
    (URL, "311n1234567.s4shops.com:443", "311n1234567.s4shops.com"),
    (TOKEN, f"  {GOOD_TOKEN}\n", GOOD_TOKEN),
    (TOKEN, f"X-Auth-Token: {GOOD_TOKEN}", GOOD_TOKEN),
    (TOKEN, f"Access token: {GOOD_TOKEN}", GOOD_TOKEN),
    (TOKEN, f"“{GOOD_TOKEN}”", GOOD_TOKEN),
    (TOKEN, "5a6b7c8d9e0f1a2b\n3c4d5e6f70819203", GOOD_TOKEN),
    (KEY, f"TokenKey: {GOOD_TOKEN}", GOOD_TOKEN),
]


def judge(where: tuple[str, str], text: str):
    connector = CONNECTORS[where[0]]
    field = next(each for each in connector.credential_fields if each.name == where[1])
    return read_field(connector, field, text)


def test_there_are_fifty_ways():
    assert len(WRONG) >= 50


@pytest.mark.row("S4-06", "S1-05", "S1-08", "S2-25")
@pytest.mark.parametrize(("where", "text", "sentence"), WRONG, ids=[f"{w[1]}:{t[:30]}" for w, t, _ in WRONG])
def test_what_is_mistyped_gets_its_sentence(where, text, sentence):
    checked = judge(where, text)
    assert checked.level in {"error", "warning"}
    assert sentence in checked.sentence


@pytest.mark.row("S1-08", "S4-05")
@pytest.mark.parametrize(("where", "text", "value"), UNDERSTOOD, ids=[f"{w[1]}:{t[:30]}" for w, t, _ in UNDERSTOOD])
def test_what_is_copied_with_its_surroundings_is_understood(where, text, value):
    checked = judge(where, text)
    assert (checked.cleaned, checked.level) == (value, "ok")


def test_an_empty_field_keeps_what_was_given_before_and_asks_for_what_was_not():
    typed = read_typed(CONNECTORS["bigcommerce"], {"access_token": " "}, known={"store_hash": "abc123"})
    assert typed.values["store_hash"] == "abc123"
    assert typed.errors == {"client_id": "Enter the client ID.", "access_token": "Enter the access token."}


def test_the_sentence_stands_beside_its_field_and_nothing_is_kept(kingsway, login):
    client = login(kingsway)
    draft = begin(client, "bigcommerce")
    values = {"store_hash": "www.acme.com", "client_id": "0123456789", "access_token": "0123456789"}
    html = client.post(at(draft, "authorise"), values).content.decode()
    assert "address that customers see" in words(html)
    assert 'aria-invalid="true"' in html
    assert ConnectDraft.objects.get().version == draft.version


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a" * 5000, "\x00\x01", "🛒", "'; drop table --"])
def test_nothing_typed_breaks_the_page(text, kingsway, login):
    client = login(kingsway)
    draft = begin(client, "shift4shop")
    for values in ({"way": "consent", "secure_url": text}, {"secure_url": text, "token": text}):
        answer = client.post(at(draft, "authorise"), values)
        assert answer.status_code == 200
        assert "<script>alert(1)" not in answer.content.decode()
    assert client.post(reverse("integration-add", args=["shift4shop"]), {"name": text}).status_code in {200, 302}
