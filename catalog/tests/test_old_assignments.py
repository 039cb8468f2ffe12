"""Partners from before the history of lists was kept: the migration begins theirs, and their past prices are explained."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from catalog.models import AssignmentPeriod, EffectivePrice, PriceListAssignment, Variant
from catalog.selectors import price_for_order
from catalog.services import assign_price_list, change_price_list, create_price_list
from catalog.tests.factories import trading
from portal.companies.models import Partnership
from portal.companies.tests.factories import MembershipFactory
from portal.lib import clock

pytestmark = pytest.mark.django_db
begin = import_module("catalog.migrations.0005_begin_old_assignments").begin
LONG_AGO = timedelta(days=400)


def from_before(partnership):
    """As the rows stood before the history was kept: an assignment of long ago, prices of then, and no period."""
    then = clock.now() - LONG_AGO
    AssignmentPeriod.objects.filter(partnership=partnership).delete()
    PriceListAssignment.objects.filter(partnership=partnership).update(assigned_at=then)
    EffectivePrice.objects.filter(price_list__assignments__partnership=partnership).update(valid_from=then)
    return Partnership.objects.get(pk=partnership.pk)


def test_the_history_of_a_partner_from_before_begins_when_it_got_its_list():
    old, new = from_before(trading()), trading()
    known = AssignmentPeriod.objects.get(partnership=new)
    begin(apps, None)
    begin(apps, None)
    period = AssignmentPeriod.objects.get(partnership=old)
    assert (period.began_at, period.ended_at) == (old.price_assignment.assigned_at, None)
    assert AssignmentPeriod.objects.get(partnership=new) == known


def test_what_such_a_partner_paid_is_told_after_it_got_another_list_too():
    partnership = from_before(trading())
    first, variant = partnership.price_assignment.price_list, Variant.objects.get()
    begin(apps, None)
    during = clock.now()
    assign_price_list(partnership, create_price_list(partnership.supplier, name="Winter", percent_off=50))
    assert price_for_order(partnership, [variant.pk], at=during)[variant.pk].price_list == first
    assert price_for_order(partnership, [variant.pk], at=clock.now())[variant.pk].price_list != first


def test_a_past_price_of_such_a_partner_is_explained_on_screen(client):
    partnership = from_before(trading())
    begin(apps, None)
    price_list, variant = partnership.price_assignment.price_list, Variant.objects.get()
    change_price_list(price_list, percent_off=50)
    client.force_login(MembershipFactory(company=partnership.supplier).user)
    past = (clock.now() - timedelta(days=200)).strftime("%Y-%m-%dT%H:%M")
    page = client.get(
        reverse("price-explain", args=[price_list.pk, variant.pk]), {"at": past, "partner": partnership.pk}
    )
    assert page.status_code == 200
    assert "10.20" in page.content.decode()


def test_a_partner_who_had_no_list_then_is_said_to_have_had_none(client):
    partnership = trading()
    price_list, variant = partnership.price_assignment.price_list, Variant.objects.get()
    assign_price_list(partnership, None)
    client.force_login(MembershipFactory(company=partnership.supplier).user)
    address = reverse("price-explain", args=[price_list.pk, variant.pk])
    page = client.get(address, {"page": "1", "partner": partnership.pk}).content.decode()
    assert "This partner had no price list at that moment" in page
    assert client.get(address, {"partner": trading().pk}).status_code == 404
