"""Help: guides with contents and tips, the search, feedback, and writing to support."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from channels.models import SyncRun
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from portal.companies.models import Feedback
from portal.web.guide_text import read_guide, search_guides
from portal.web.guides import GUIDES, find_guide
from portal.web.views.help_contact import without_keys

pytestmark = pytest.mark.django_db


def titles(slug: str) -> list[str]:
    return [part.title for part in read_guide(find_guide(slug)).parts]


@pytest.mark.row("S1-28")
@pytest.mark.parametrize("place", ["help-page", "help-drawer"])
def test_connecting_shift4shop_is_told_under_three_headings(login, kingsway, place):
    assert titles("connect-shift4shop") == ["Sign-up", "Permissions", "Confirmation"]
    page = login(kingsway).get(reverse(place, args=["connect-shift4shop"])).content.decode()
    assert [page.count(f'<h2 id="{anchor}">') for anchor in ("sign-up", "permissions", "confirmation")] == [1, 1, 1]


@pytest.mark.row("S4-27")
@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.slug)
def test_every_guide_has_a_table_of_contents_that_leads_to_its_parts(login, kingsway, guide):
    page = login(kingsway).get(reverse("help-page", args=[guide.slug])).content.decode()
    parts = read_guide(guide).parts
    assert parts
    assert all(f'id="{part.anchor}"' in page for part in parts)
    if len(parts) > 1:
        assert all(f'<a href="#{part.anchor}">' in page for part in parts)


@pytest.mark.row("S4-27")
@pytest.mark.parametrize("guide", [g for g in GUIDES if g.slug != "lists"], ids=lambda guide: guide.slug)
def test_tips_are_set_apart_from_the_steps(guide):
    assert '<aside class="tips"' in read_guide(guide).body


@pytest.mark.row("S4-08")
def test_the_bigcommerce_guide_leads_to_the_api_account():
    words = read_guide(find_guide("connect-bigcommerce")).words
    steps = ("Log in", "Settings", "to the bottom", "API accounts", "Create API account", "V2/V3 API token")
    places = [words.index(step) for step in steps]
    assert places == sorted(places)


@pytest.mark.row("S4-09")
@pytest.mark.parametrize("right", ["Orders: modify", "Order Transactions: read-only", "Products: read-only", "modify"])
def test_the_permissions_are_highlighted(right):
    assert f'<strong class="key-right">{right}</strong>' in read_guide(find_guide("connect-bigcommerce")).body


@pytest.mark.row("S4-11")
def test_the_guide_says_that_the_key_is_shown_once_before_the_click_that_shows_it():
    words = read_guide(find_guide("connect-bigcommerce")).words
    assert words.index("access token once") < words.index("Save in BigCommerce")


@pytest.mark.row("S4-23")
def test_the_pricing_guide_is_a_page():
    assert "Make a price list" in titles("prices")


@pytest.mark.parametrize(
    ("address", "guide"),
    [
        (("integrations",), "integrations"),
        (("integration-gallery",), "connect"),
        (("integration-add", "bigcommerce"), "connect-bigcommerce"),
        (("integration-add", "shift4shop"), "connect-shift4shop"),
        (("problems",), "problems"),
        (("partners",), "partners"),
        (("reports",), "reports"),
        (("prices",), "prices"),
        (("orders",), "orders"),
    ],
)
def test_each_screen_has_its_guide_beside_it(login, kingsway, address, guide):
    page = login(kingsway).get(reverse(address[0], args=address[1:]), follow=True).content.decode()
    assert f'data-drawer="{reverse("help-drawer", args=[guide])}"' in page


def test_an_integrations_own_page_has_its_guide_beside_it(login, kingsway):
    page = login(kingsway).get(reverse("integration", args=[make_integration(kingsway).pk])).content.decode()
    assert f'data-drawer="{reverse("help-drawer", args=["integrations"])}"' in page


def test_a_channel_without_a_guide_of_its_own_is_told_by_the_common_one():
    assert find_guide("connect-invented").slug == "connect"
    assert find_guide("invented") is None


def test_the_search_finds_guides_in_which_every_word_stands():
    assert "connect-bigcommerce" in [hit.guide.slug for hit in search_guides("client secret")]
    assert "connect-shift4shop" not in [hit.guide.slug for hit in search_guides("client secret")]


def test_a_guide_with_the_word_in_its_title_stands_first():
    assert search_guides("problems")[0].guide.slug == "problems"


def test_the_guide_that_tells_most_of_a_word_stands_first():
    assert search_guides("price")[0].guide.slug == "prices"


def test_the_search_shows_where_the_word_stands(login, kingsway):
    page = login(kingsway).get(reverse("help"), {"q": "frozen name"}).content.decode()
    assert "frozen name" in page.partition("menu-list")[2]


def test_a_search_without_hits_repeats_it_and_leads_on(login, kingsway):
    page = login(kingsway).get(reverse("help"), {"q": "<b>zebra"}).content.decode()
    assert "No guide holds “&lt;b&gt;zebra”" in page
    assert "see all guides" in page


@pytest.mark.parametrize("place", ["help-page", "help-drawer"])
def test_a_visitor_reads_a_guide_and_is_asked_nothing_that_needs_a_name(client, place):
    page = client.get(reverse(place, args=["connect-shift4shop"])).content.decode()
    assert '<h2 id="permissions">' in page
    assert reverse("help-feedback") not in page
    assert reverse("help-contact") not in page


def test_a_visitor_searches_the_guides_and_is_offered_the_log_in(client, kingsway, acme):
    page = client.get(reverse("help"), {"q": "client secret"}).content.decode()
    assert reverse("help-page", args=["connect-bigcommerce"]) in page
    assert reverse("account_login") in page
    assert 'class="nav"' not in page
    assert [one for one in (kingsway, acme) if one.name in page] == []


def test_somebody_inside_reads_guides_in_the_portals_frame(login, kingsway):
    page = login(kingsway).get(reverse("help-page", args=["prices"])).content.decode()
    assert 'class="nav"' in page
    assert reverse("help-feedback") in page


@pytest.mark.row("S4-26")
def test_how_did_we_do_is_stored_with_the_page_and_the_person(login, kingsway, member):
    user = member(kingsway)
    browser = login(kingsway, user=user)
    came = {"HTTP_REFERER": "http://testserver/integrations/"}
    drawer = browser.get(reverse("help-drawer", args=["integrations"]), **came).content.decode()
    assert "How did we do?" in drawer
    assert 'name="page" value="/integrations/"' in drawer
    browser.post(reverse("help-feedback"), {"guide": "integrations", "page": "/integrations/", "helpful": "no"})
    row = Feedback.objects.get()
    assert (row.user, row.company, row.guide, row.page, row.is_helpful) == (
        user,
        kingsway,
        "integrations",
        "/integrations/",
        False,
    )


def test_a_comment_joins_the_answer_it_belongs_to(login, kingsway):
    browser = login(kingsway)
    browser.post(reverse("help-feedback"), {"guide": "start", "helpful": "no"})
    row = Feedback.objects.get()
    browser.post(reverse("help-feedback"), {"guide": "start", "row": row.pk, "comment": "Where is the key?"})
    assert Feedback.objects.get().comment == "Where is the key?"


def test_nobody_comments_on_somebody_elses_answer(login, kingsway, stranger):
    login(kingsway).post(reverse("help-feedback"), {"guide": "start", "helpful": "yes"})
    row = Feedback.objects.get()
    answer = login(stranger).post(reverse("help-feedback"), {"guide": "start", "row": row.pk, "comment": "Mine now"})
    assert answer.status_code == 404
    assert Feedback.objects.get().comment == ""


@pytest.mark.parametrize(
    "said", [{}, {"guide": "start"}, {"guide": "nothing", "helpful": "yes"}, {"guide": "start", "helpful": "maybe"}]
)
def test_an_answer_that_answers_nothing_is_not_stored(login, kingsway, said):
    assert login(kingsway).post(reverse("help-feedback"), said).status_code == 404
    assert not Feedback.objects.exists()


@pytest.mark.row("S4-26")
def test_every_guide_offers_a_way_to_write(login, kingsway):
    page = login(kingsway).get(reverse("help-page", args=["start"])).content.decode()
    assert reverse("help-contact") in page


def test_a_message_reaches_support_with_the_integration_and_its_last_error(login, kingsway, member, settings):
    settings.SUPPORT_EMAIL = "help@tradelane.example"
    store = make_integration(kingsway, name="Kingsway shop", remote_store_id="abc123")
    SyncRun.objects.create(
        integration=store, step="pull_orders", result="failed", code="channel_error", sentence="The store said no."
    )
    raise_problem(kingsway, "sku_missing", "A mug has no SKU.", integration=store)
    user = member(kingsway)
    browser = login(kingsway, user=user)
    browser.post(
        reverse("help-contact"),
        {"message": "No orders since noon.", "integration": store.pk, "page": f"/integrations/{store.pk}/"},
    )
    (sent,) = mail.outbox
    assert sent.to == ["help@tradelane.example"]
    assert sent.reply_to == [user.email]
    for words in (
        "No orders since noon.",
        f"Integration {store.pk}: Kingsway shop",
        "channel_error",
        "The store said no.",
        "A mug has no SKU.",
        f"Page: /integrations/{store.pk}/",
    ):
        assert words in sent.body


def test_no_key_leaves_with_a_message(login, kingsway):
    store = make_integration(kingsway)
    SyncRun.objects.create(
        integration=store, step="pull_orders", result="failed", sentence="Refused X-Auth-Token: s3cretpart"
    )
    pasted = "My access token: 9hf2k and 4kq9z8v7x6c5b4n3m2l1k0j9h8g7 does not work"
    login(kingsway).post(reverse("help-contact"), {"message": pasted, "integration": store.pk})
    body = mail.outbox[0].body
    assert [word for word in ("secret-token", "9hf2k", "4kq9z8v7", "s3cretpart") if word in body] == []
    assert "does not work" in body


@pytest.mark.parametrize(
    "text", ["Order AC-20931 of 22 Nov at 10:02 has no tracking 1Z999AA10123456784", "See /integrations/12/settings/"]
)
def test_ordinary_words_stay_in_a_message(text):
    assert without_keys(text) == text


def test_nobody_writes_about_another_companys_integration(login, kingsway, stranger):
    store = make_integration(kingsway, name="Kingsway shop")
    page = login(stranger).get(reverse("help-contact"), {"integration": store.pk})
    assert "Kingsway shop" not in page.content.decode()
    login(stranger).post(reverse("help-contact"), {"message": "Hello", "integration": store.pk})
    assert mail.outbox == []


def test_the_integration_whose_page_one_was_on_is_chosen_already(login, kingsway):
    store = make_integration(kingsway)
    page = login(kingsway).get(reverse("help-contact"), {"page": f"/integrations/{store.pk}/"}).content.decode()
    assert f'<option value="{store.pk}" selected>' in page


def test_an_empty_message_is_not_sent(login, kingsway):
    page = login(kingsway).post(reverse("help-contact"), {"message": " "}).content.decode()
    assert "Say in a few words what happened. Nothing was sent." in page
    assert mail.outbox == []


def test_a_mail_server_that_is_down_leaves_the_text_and_says_where_to_write(login, kingsway, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = login(kingsway).post(reverse("help-contact"), {"message": "No orders since noon."}).content.decode()
    assert "could not be sent just now" in page
    assert "No orders since noon." in page
