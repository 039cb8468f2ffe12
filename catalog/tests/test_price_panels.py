"""The panels of a price list: rules, breaks, preview, history, approval, and edits by two people at once."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import (
    EffectivePrice,
    ListException,
    PriceList,
    PriceOverride,
    PriceRevision,
    RevisionState,
    Variant,
)
from catalog.pricing import Rule
from catalog.pricing.change import Change, Fixed, QuantityBreak
from catalog.services import (
    change_price_list,
    create_price_list,
    draft_change,
    lock_overrides,
    open_revision,
    set_breaks,
    set_overrides,
    set_policy,
)
from catalog.services.tags import tag_products
from catalog.tests.factories import VariantFactory, trading
from catalog.tests.test_pages import browser_of, text
from portal.companies.models import Role
from portal.lib import clock

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def price_list() -> PriceList:
    return trading(goods=3).price_assignment.price_list


@pytest.fixture
def client(price_list) -> Client:
    return browser_of(price_list.company)


def at(name: str, price_list: PriceList, *more: int) -> str:
    return reverse(name, args=[price_list.pk, *more])


def seen(page: str) -> str:
    """The token of what the person saw."""
    return re.search(r'name="seen" value="([^"]*)"', page)[1]


def edit_rules(client: Client, price_list: PriceList, **fields: str) -> str:
    address = at("price-list-rules", price_list)
    return text(client.post(address, {"seen": seen(text(client.get(address))), **fields}))


def amounts() -> set[Decimal]:
    return set(EffectivePrice.objects.filter(valid_until__isnull=True).values_list("amount", flat=True))


BRAND = {"op": "save", "target": "brand", "value": "Regency", "margin": "25", "how": "retail-percent"}


def test_a_rule_is_added_in_the_draft_says_how_many_skus_it_decides_and_is_published_with_two_clicks(
    client, price_list
):
    page = edit_rules(client, price_list, **BRAND)
    assert "3 SKUs" in page
    assert amounts() == {D("10.20")}
    preview = text(client.get(at("price-list-preview", price_list)))
    assert "Publish 3 changes" in preview
    client.post(at("price-list-preview", price_list), {"seen": seen(preview), "op": "publish", "when": "now"})
    assert amounts() == {D("9.56")}


def test_rules_are_ordered_deleted_and_brought_back(client, price_list):
    for value in ("Regency", "Kingsway"):
        edit_rules(client, price_list, **{**BRAND, "value": value})
    edit_rules(client, price_list, at="1", move="0")
    assert [rule.value for rule in drafted(price_list)] == ["Kingsway", "Regency"]
    page = edit_rules(client, price_list, **{**BRAND, "op": "delete", "at": "1"})
    assert "Undo" in page
    assert len(drafted(price_list)) == 1
    edit_rules(client, price_list, **{**BRAND, "op": "restore", "at": "1"})
    assert [rule.value for rule in drafted(price_list)] == ["Kingsway", "Regency"]


def drafted(price_list: PriceList) -> list[Rule]:
    return list(Change.from_json(open_revision(price_list).change).rules)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"margin": "much"}, "needs a margin"),
        ({"value": " "}, "needs the goods"),
        ({"target": "band", "value": "cheap"}, "A price band reads 10-20"),
        ({"margin": "100"}, "below 100"),
        ({"how": "magic"}, "Choose what the margin is taken off"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_sentence_and_what_was_typed_stays(
    client, price_list, fields, sentence
):
    page = edit_rules(client, price_list, **{**BRAND, **fields})
    assert sentence in page
    assert open_revision(price_list) is None


def test_rules_that_a_colleague_changed_meanwhile_are_not_overwritten(client, price_list):
    address = at("price-list-rules", price_list)
    old = seen(text(client.get(address)))
    edit_rules(browser_of(price_list.company), price_list, **{**BRAND, "value": "Theirs"})
    page = text(client.post(address, {"seen": old, **BRAND}))
    assert "Somebody else changed the rules meanwhile" in page
    assert [rule.value for rule in drafted(price_list)] == ["Theirs"]


def test_a_preview_puts_violations_first_and_raises_one_to_its_limit(client, price_list):
    Variant.objects.update(cost=D("9.80"))
    draft_change(price_list, Change(terms={"percent_off": "30"}))
    address = at("price-list-preview", price_list)
    page = text(client.get(address))
    assert "3 below cost" in page
    first = Variant.objects.first()
    client.post(address, {"seen": seen(page), "variant": str(first.pk)})
    assert Change.from_json(open_revision(price_list).change).overrides == {first.pk: Fixed(D("9.80"))}


def test_a_publish_at_a_time_that_has_passed_is_refused_and_a_later_one_kept(client, price_list):
    draft_change(price_list, Change(terms={"percent_off": "30"}))
    address = at("price-list-preview", price_list)
    fields = {"seen": seen(text(client.get(address))), "op": "publish", "when": "later"}
    assert "has passed" in text(client.post(address, {**fields, "at": "2020-01-01T08:00"}))
    assert "Choose the day" in text(client.post(address, {**fields, "at": "soon"}))
    client.post(address, {**fields, "at": (clock.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")})
    assert PriceRevision.objects.get().state == RevisionState.SCHEDULED
    assert amounts() == {D("10.20")}


def test_a_draft_that_moved_on_is_looked_at_again_before_it_is_published(client, price_list):
    draft_change(price_list, Change(terms={"percent_off": "30"}))
    address = at("price-list-preview", price_list)
    old = seen(text(client.get(address)))
    draft_change(price_list, Change(terms={"percent_off": "40"}))
    assert "changed this draft meanwhile" in text(client.post(address, {"seen": old, "op": "publish"}))
    assert amounts() == {D("10.20")}


def test_the_biggest_movers_have_bars_that_leave_the_middle_by_direction(client, price_list):
    first, second, _ = Variant.objects.order_by("pk")
    draft_change(price_list, Change(overrides={first.pk: Fixed(D("11.22")), second.pk: Fixed(D("9.69"))}))
    page = text(client.get(at("price-list-preview", price_list)))
    assert '<svg class="diverging up"' in page
    assert '<rect x="40.0" width="40.0"' in page
    assert '<svg class="diverging down"' in page
    assert '<rect x="20.0" width="20.0"' in page


def test_above_the_threshold_a_colleague_approves_and_nobody_approves_the_own_change(client, price_list):
    set_policy(price_list.company, share=None, move_percent=15)
    terms = {
        "name": "Trade",
        "margin": "50",
        "how": "retail-percent",
        "rounding_direction": "nearest",
        "state": "live",
        "adds_new_products": "on",
        "is_default": "on",
    }
    preview = text(client.post(at("price-list-terms", price_list), terms, follow=True))
    assert "Send for approval" in preview
    address = at("price-list-preview", price_list)
    client.post(address, {"seen": seen(preview), "op": "publish"})
    assert (PriceRevision.objects.get().state, amounts()) == (RevisionState.WAITING, {D("10.20")})
    mine = text(client.get(address))
    assert "Waits for a colleague" in mine
    assert "Approved, it goes live at once." in mine
    assert 'name="when"' not in mine
    assert "own change" in text(client.post(address, {"seen": seen(mine), "op": "approve"}))
    colleague = browser_of(price_list.company, Role.PRICING)
    colleague.post(address, {"seen": seen(text(colleague.get(address))), "op": "approve"})
    assert amounts() == {D("6.38")}


def test_a_small_change_under_the_threshold_needs_nobody_else(client, price_list):
    set_policy(price_list.company, share=None, move_percent=15)
    cell = at("price-cell", price_list, Variant.objects.first().pk)
    client.post(cell, {"amount": "10.00"})
    assert amounts() == {D("10.20")}
    address = at("price-list-preview", price_list)
    client.post(address, {"seen": seen(text(client.get(address))), "op": "publish"})
    assert amounts() == {D("10.20"), D("10.00")}


def test_only_owners_and_admins_set_the_threshold(price_list):
    address = at("price-policy", price_list)
    assert browser_of(price_list.company, Role.PRICING).post(address, {"move": "900"}).status_code == 403
    assert "whole percentage" in text(browser_of(price_list.company).post(address, {"move": "a lot"}))


def test_who_would_be_alone_with_approving_is_told_to_invite_a_colleague(client, price_list):
    address = at("price-policy", price_list)
    assert "invite a colleague" in text(client.post(address, {"move": "10"}, follow=True))
    browser_of(price_list.company, Role.VIEWER)
    assert "invite a colleague" in text(client.post(address, {"move": "10"}, follow=True))
    browser_of(price_list.company, Role.PRICING)
    assert "invite a colleague" not in text(client.post(address, {"move": "10"}, follow=True))


def test_the_history_undoes_a_publish(client, price_list):
    change_price_list(price_list, percent_off=D(50))
    page = text(client.get(at("price-list-history", price_list)))
    assert "1 term" in page
    client.post(at("price-list-history", price_list), {"revision": PriceRevision.objects.first().pk})
    assert amounts() == {D("10.20")}
    assert "Undone" in text(client.get(at("price-list-history", price_list)))


def test_a_price_that_a_colleague_changed_meanwhile_is_not_overwritten_silently(client, price_list):
    variant = Variant.objects.first()
    cell = at("price-cell", price_list, variant.pk)
    set_overrides(price_list, {variant.pk: D("9.20")})
    typed = {f"amount-{variant.pk}": "9.50", f"was-{variant.pk}": "10.20"}
    row = text(client.post(cell, typed))
    assert "Meanwhile it became 9.20; you typed 9.50" in row
    assert PriceOverride.objects.get().amount == D("9.20")
    assert f'name="was-{variant.pk}" value="9.20"' in row
    client.post(cell, {**typed, f"was-{variant.pk}": "9.20"})
    assert PriceOverride.objects.get().amount == D("9.50")


def test_a_locked_price_is_not_edited_in_its_cell(client, price_list):
    variant = Variant.objects.first()
    set_overrides(price_list, {variant.pk: D("9.20")})
    lock_overrides(price_list, [variant.pk], is_locked=True)
    assert "is locked" in text(client.post(at("price-cell", price_list, variant.pk), {"amount": "1"}))
    assert PriceOverride.objects.get().amount == D("9.20")


@pytest.mark.parametrize(
    ("typed", "becomes"), [("9.95", "9.95"), ("-10 %", "9.18"), ("−0.20", "10.00"), ("+5%", "10.71")]
)
def test_many_prices_are_set_at_once_by_a_price_or_a_step(client, price_list, typed, becomes):
    rows = [variant.pk for variant in Variant.objects.all()[:2]]
    client.post(at("price-list", price_list), {"action": "set", "bulk": typed, "row": rows})
    assert amounts() == {D("10.20"), D(becomes)}


def test_many_overrides_are_locked_and_unlocked_at_once(client, price_list):
    first, second, free = Variant.objects.order_by("pk")
    set_overrides(price_list, {first.pk: D("9.20"), second.pk: D("9.20")})
    rows = [first.pk, second.pk, free.pk]
    page = client.post(at("price-list", price_list), {"action": "lock", "row": rows}, follow=True)
    assert "2 locked: bulk edits and files leave them alone." in text(page)
    assert PriceOverride.objects.filter(is_locked=True).count() == 2
    page = client.post(at("price-list", price_list), {"action": "unlock", "row": [first.pk]}, follow=True)
    assert "1 unlocked." in text(page)
    assert PriceOverride.objects.get(is_locked=True).variant == second


def test_what_is_no_price_changes_nothing_in_bulk(client, price_list):
    page = client.post(
        at("price-list", price_list),
        {"action": "set", "bulk": "cheap", "row": [Variant.objects.first().pk]},
        follow=True,
    )
    assert "is not an amount" in text(page)
    assert not PriceOverride.objects.exists()


def test_a_tag_gathers_products_for_a_rule(client, price_list):
    first = Variant.objects.first()
    client.post(at("price-list", price_list), {"action": "tag", "bulk": "Clearance", "row": [first.pk]})
    assert "1 SKU" in edit_rules(client, price_list, **{**BRAND, "target": "tag", "value": "clearance"})
    assert tag_products(price_list.company, [first.product_id], name="clearance") == 1
    assert first.product.tags.count() == 1


def test_breaks_are_typed_as_percent_for_all_and_price_for_one_sku(client, price_list):
    variant = Variant.objects.first()
    fields = {"quantity": ["10", "20", ""], "sku": ["", variant.sku, ""], "worth": ["5 %", "8.50", ""]}
    client.post(at("price-list-breaks", price_list), fields)
    found = EffectivePrice.objects.filter(valid_until__isnull=True)
    assert found.get(variant=variant).breaks == [["20", "8.50"]]
    assert found.exclude(variant=variant).first().breaks == [["10", "9.69"]]
    page = text(client.post(at("price-list-breaks", price_list), {"quantity": "10", "sku": "nope", "worth": "5"}))
    assert "is none of your SKUs" in page


def test_columns_are_chosen_and_kept(client, price_list):
    client.get(at("price-list", price_list), {"cols": ["msrp", "amount"]})
    page = text(client.get(at("price-list", price_list)))
    assert 'scope="col" class="num' in page
    assert "Decided by</th>" not in page
    assert "rulechip" not in page


def test_a_past_price_is_explained_as_a_sum_for_a_partner(client, price_list):
    then, variant = clock.now(), Variant.objects.first()
    change_price_list(price_list, percent_off=D(50))
    partnership = price_list.assignments.get().partnership
    page = text(
        client.get(
            at("price-explain", price_list, variant.pk),
            {"page": "1", "at": then.isoformat(), "partner": partnership.pk},
        )
    )
    assert "Why 10.20" in page
    assert "− 20 %" in page
    assert "Changed once" in page
    assert browser_of(partnership.retailer).get(at("price-explain", price_list, variant.pk)).status_code == 404


def test_a_list_with_a_period_is_given_to_a_partner_beside_its_usual_one(client, price_list):
    christmas = create_price_list(
        price_list.company,
        name="Christmas",
        percent_off=D(50),
        valid_from=clock.now() - timedelta(hours=1),
        valid_until=clock.now() + timedelta(days=9),
    )
    partnership = price_list.assignments.get().partnership
    client.post(at("price-list-partners", christmas), {f"uses-{partnership.pk}": "1", f"buffer-{partnership.pk}": "0"})
    assignment = price_list.company.price_lists.get(pk=christmas.pk).assignments.get()
    assert (assignment.usual_list, ListException.objects.count()) == (price_list, 1)
    client.post(at("price-list-partners", christmas), {})
    assignment.refresh_from_db()
    assert (assignment.price_list, ListException.objects.count()) == (price_list, 0)


def test_terms_that_changed_while_the_form_was_open_are_shown_with_both_values(client, price_list):
    page = text(client.get(at("price-list-terms", price_list)))
    change_price_list(price_list, percent_off=D(30))
    fields = {
        "name": "Trade",
        "margin": "40",
        "how": "retail-percent",
        "rounding_direction": "nearest",
        "state": "live",
        "adds_new_products": "on",
        "is_default": "on",
        "seen": seen(page),
    }
    answer = text(client.post(at("price-list-terms", price_list), fields))
    assert "percent off is 30 now, you have 40" in answer
    assert amounts() == {D("8.93")}


def test_the_grid_with_a_draft_costs_the_same_for_few_and_many(price_list, django_assert_max_num_queries, client):
    draft_change(price_list, Change(terms={"percent_off": "30"}))
    client.get(at("price-list", price_list))
    with django_assert_max_num_queries(45):
        client.get(at("price-list", price_list))


def test_a_retailer_sees_the_quantity_breaks_on_the_product_and_by_the_api(price_list):
    set_breaks(price_list, [QuantityBreak(10, percent_off=D(5))])
    retailer = browser_of(price_list.assignments.get().partnership.retailer)
    page = text(retailer.get(reverse("product", args=[Variant.objects.first().product_id])))
    assert "10 or more: 9.69" in page
    assert retailer.get("/api/v1/offers/").json()["results"][0]["breaks"] == [["10", "9.69"]]


def test_every_brand_and_category_is_suggested_once(client, price_list):
    for brand, category in (("Zebra", "Mugs"), ("apple", "Mugs"), *[("Regency", "Cake")] * 70):
        VariantFactory(product__company=price_list.company, product__brand=brand, product__category=category)
    page = client.get(at("price-list-rules", price_list)).content.decode()
    options = re.findall(r'<option value="([^"]*)">', page[page.index("<datalist") :])
    assert [one for one in options if one in ("apple", "Cake", "Mugs", "Regency", "Zebra")] == [
        "apple", "Cake", "Mugs", "Regency", "Zebra",
    ]  # fmt: skip
