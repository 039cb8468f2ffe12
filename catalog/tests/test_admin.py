"""Every record of the catalogue can be looked at by staff."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from catalog.models import Variant
from catalog.services import choose
from catalog.tests.factories import StockLevelFactory, trading
from portal.companies.models import User

pytestmark = pytest.mark.django_db
MODELS = [model for model in apps.get_app_config("catalog").get_models() if "Historical" not in model.__name__]


@pytest.fixture
def staff() -> Client:
    partnership = trading()
    StockLevelFactory(variant=Variant.objects.get())
    choose(partnership.retailer, variant_ids=[Variant.objects.get().pk])
    client = Client()
    client.force_login(User.objects.create_superuser("ops@example.com", "a-long-quiet-password"))
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_staff_can_list_search_and_open_every_record(staff, model):
    assert model in admin.site._registry
    name = f"admin:catalog_{model._meta.model_name}"
    assert staff.get(reverse(f"{name}_changelist"), {"q": "2242"}).status_code == 200
    row = model.objects.first()
    if row is not None:
        assert staff.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
