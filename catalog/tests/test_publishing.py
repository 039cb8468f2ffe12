"""Changes of a list that wait: drafted, previewed, approved, scheduled, published once, undone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog import jobs, sold
from catalog.models import EffectivePrice, PriceList, PriceOverride, PriceRevision, RevisionState, Variant
from catalog.pricing import Rule
from catalog.pricing.change import Change, Fixed, QuantityBreak
from catalog.services import (
    approve,
    change_price_list,
    clear_overrides,
    draft_change,
    drop_draft,
    lock_overrides,
    preview_change,
    publish_change,
    publish_due,
    publish_revision,
    schedule,
    set_overrides,
    submit,
    undo_publish,
)
from catalog.tests.factories import VariantFactory, trading
from portal.companies.tests.factories import MembershipFactory
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError, InvalidMove, NotAllowed

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def price_list() -> PriceList:
    return trading(goods=3).price_assignment.price_list


def amounts() -> list[Decimal]:
    return list(
        EffectivePrice.objects.filter(valid_until__isnull=True).order_by("variant_id").values_list("amount", flat=True)
    )


def test_a_draft_touches_no_live_price_until_it_is_published(price_list):
    draft_change(price_list, Change(terms={"percent_off": "50"}))
    first = Variant.objects.first()
    draft = draft_change(price_list, Change(overrides={first.pk: Fixed(D("9.00"))}))
    assert amounts() == [D("10.20")] * 3
    assert sorted(publish_revision(draft)) == sorted(Variant.objects.values_list("pk", flat=True))
    assert amounts() == [D("9.00"), D("6.38"), D("6.38")]


def test_of_two_publishes_of_one_draft_one_publishes(price_list):
    draft = draft_change(price_list, Change(terms={"percent_off": "50"}))
    again = PriceRevision.objects.get(pk=draft.pk)
    publish_revision(draft)
    with pytest.raises(Conflict):
        publish_revision(again)
    assert EffectivePrice.objects.count() == 6


def test_what_makes_no_sense_is_refused_when_it_is_drafted(price_list):
    with pytest.raises(DomainError, match="below 100"):
        draft_change(price_list, Change(terms={"percent_off": "120"}))
    with pytest.raises(DomainError, match="10-20"):
        draft_change(price_list, Change(rules=[Rule("band", "cheap", D(5))]))
    assert not PriceRevision.objects.exists()


def test_undoing_a_publish_restores_terms_rules_and_overrides_as_a_new_version(price_list):
    first = Variant.objects.first()
    set_overrides(price_list, {first.pk: D("9.00")})
    before = amounts()
    change = Change(
        terms={"percent_off": "50"},
        rules=[Rule("brand", "Regency", D(60))],
        breaks=[QuantityBreak(10, percent_off=D(5))],
        overrides={first.pk: Fixed(None)},
    )
    publish_change(price_list, change)
    published, version = PriceRevision.objects.first(), PriceList.objects.get().version
    assert amounts() == [D("5.10")] * 3
    undo_publish(published)
    assert amounts() == before
    assert PriceList.objects.get().version > version
    assert (price_list.rules.count(), price_list.breaks.count()) == (0, 0)
    with pytest.raises(Conflict, match="already"):
        undo_publish(published)


def test_a_scheduled_change_goes_live_at_its_time_and_once(price_list):
    at = clock.now() + timedelta(hours=1)
    schedule(draft_change(price_list, Change(terms={"percent_off": "50"})), at=at)
    assert (publish_due(), jobs.publish_prices()) == (0, 0)
    PriceRevision.objects.update(publish_at=clock.now() - timedelta(seconds=1))
    assert (publish_due(), publish_due(), jobs.publish_prices()) == (1, 0, 0)
    assert amounts() == [D("6.38")] * 3


def test_a_publish_that_was_cut_is_finished(price_list):
    draft_change(price_list, Change(terms={"percent_off": "50"}))
    PriceRevision.objects.update(state=RevisionState.PUBLISHING, held_until=clock.now() - timedelta(seconds=1))
    publish_due()
    assert amounts() == [D("6.38")] * 3
    assert PriceRevision.objects.get().state == RevisionState.PUBLISHED


def test_editing_a_scheduled_change_makes_it_a_draft_again(price_list):
    schedule(draft_change(price_list, Change(terms={"percent_off": "50"})), at=clock.now() + timedelta(hours=1))
    draft = draft_change(price_list, Change(terms={"percent_off": "40"}))
    assert (draft.state, draft.publish_at, draft.edits) == (RevisionState.DRAFT, None, 2)


def test_nobody_approves_an_own_change_and_a_colleague_does(price_list):
    author, colleague = (MembershipFactory(company=price_list.company).user for _ in range(2))
    draft = draft_change(price_list, Change(terms={"percent_off": "50"}), by=author)
    with pytest.raises(InvalidMove):
        approve(draft, by=colleague)
    submit(draft, by=author)
    with pytest.raises(NotAllowed):
        approve(draft, by=author)
    approve(draft, by=colleague)
    publish_revision(draft, by=colleague)
    assert PriceRevision.objects.get().approved_by == colleague


def test_a_dropped_draft_is_gone_and_cannot_be_published(price_list):
    draft = draft_change(price_list, Change(terms={"percent_off": "50"}))
    drop_draft(draft)
    with pytest.raises(Conflict):
        publish_revision(draft)
    assert amounts() == [D("10.20")] * 3


def test_a_preview_counts_directions_names_violations_and_writes_nothing(price_list):
    down, up, same = Variant.objects.order_by("pk")
    Variant.objects.filter(pk=down.pk).update(cost=D("9.50"))
    rows = EffectivePrice.objects.count()
    preview = preview_change(
        price_list, Change(overrides={down.pk: Fixed(D("9.00")), up.pk: Fixed(D("11.00")), same.pk: Fixed(D("10.20"))})
    )
    assert (preview.up, preview.down, preview.same, preview.changed) == (1, 1, 1, 2)
    assert [(one.variant_id, one.trouble, one.limit) for one in preview.violations] == [
        (down.pk, "below cost", D("9.50"))
    ]
    assert [one.variant_id for one in preview.movers] == [down.pk, up.pk]
    assert preview.partners == [price_list.assignments.get().partnership.retailer.name]
    assert EffectivePrice.objects.count() == rows


def test_a_preview_says_what_publishing_then_does(price_list):
    Variant.objects.filter(pk=Variant.objects.last().pk).update(price=D("44.44"))
    change = Change(
        terms={"percent_off": "33.3", "rounding_ending": "0.99", "rounding_direction": "up"},
        rules=[Rule("band", "20-", D(10))],
    )
    preview = preview_change(price_list, change)
    assert sorted(preview.changed_ids) == sorted(publish_change(price_list, change))


def test_a_preview_tells_the_effect_on_last_months_orders_from_whoever_keeps_orders(price_list, monkeypatch):
    sold_one = Variant.objects.first()
    monkeypatch.setattr(sold, "_tellers", [lambda partnerships, since: {sold_one.pk: 10}])
    month = preview_change(price_list, Change(terms={"percent_off": "50"})).month
    assert (month.units, month.now, month.new, month.difference) == (10, D("102.00"), D("63.80"), D("-38.20"))
    assert (month.margin_now, month.margin_new) == (D("32.4"), D("-8.2"))


def test_a_preview_costs_as_many_queries_for_few_as_for_many(price_list, django_assert_max_num_queries):
    for _ in range(30):
        VariantFactory(product__company=price_list.company)
    with django_assert_max_num_queries(14):
        preview_change(price_list, Change(terms={"percent_off": "50"}))


def test_a_locked_override_survives_bulk_edits_and_clearing(price_list):
    locked, free, _ = Variant.objects.order_by("pk")
    set_overrides(price_list, {locked.pk: D("9.00"), free.pk: D("9.00")})
    assert lock_overrides(price_list, [locked.pk], is_locked=True) == 1
    set_overrides(price_list, {locked.pk: D("8.00"), free.pk: D("8.00")})
    assert amounts()[:2] == [D("9.00"), D("8.00")]
    clear_overrides(price_list, [locked.pk, free.pk])
    assert PriceOverride.objects.get().variant == locked
    assert change_price_list(price_list, percent_off=D(50)) != []
    assert amounts()[0] == D("9.00")
