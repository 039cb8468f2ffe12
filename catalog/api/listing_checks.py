"""Before publishing, for programs: what goods lack, what the store has already, and taking that over."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.readiness import readiness_of
from catalog.services import adopt, twins_of
from catalog.visibility import visible_to

MOST_IDS = 1_000
ID: dict[str, Any] = {"min_value": 1, "max_value": 2**62}


class GoodsSerializer(serializers.Serializer):
    """Which goods: whole products, single variants, or both; at most 1,000 ids each."""

    product_ids = serializers.ListField(child=serializers.IntegerField(**ID), max_length=MOST_IDS, default=list)
    variant_ids = serializers.ListField(child=serializers.IntegerField(**ID), max_length=MOST_IDS, default=list)


class FindingSerializer(serializers.Serializer):
    """Something that ``count`` variants lack; what ``blocks`` keeps them from being published."""

    code = serializers.CharField(source="lack.code")
    title = serializers.CharField(source="lack.title")
    advice = serializers.CharField(source="lack.advice")
    blocks = serializers.BooleanField(source="lack.blocks")
    count = serializers.IntegerField()


class MatchSerializer(serializers.Serializer):
    """``own_variant_id`` of your store is your partner's ``variant_id``."""

    variant_id = serializers.IntegerField(**ID)
    own_variant_id = serializers.IntegerField(**ID)


class TwinSerializer(serializers.Serializer):
    """Goods of your store that look like your partner's; ``how``: sku (taken over in any case) or barcode (taken over when you say so)."""

    variant_id = serializers.IntegerField()
    own_variant_id = serializers.IntegerField(source="own_id")
    how = serializers.CharField()


class ReadinessSerializer(serializers.Serializer):
    """What came of looking: ``ready`` of ``variants`` can be published now."""

    products = serializers.IntegerField()
    variants = serializers.IntegerField()
    ready = serializers.IntegerField()
    findings = FindingSerializer(many=True)
    already_in_store = TwinSerializer(many=True)


class AdoptSerializer(serializers.Serializer):
    """At most 1,000 matches, each variant and each own variant once."""

    matches = MatchSerializer(many=True, allow_empty=False, max_length=MOST_IDS)  # type: ignore[call-arg]  # a list's, says the stub


class AdoptedSerializer(serializers.Serializer):
    """How many matches are new; the same again changes nothing."""

    adopted = serializers.IntegerField()


class ListingChecks:
    """Actions of the listings' endpoint that look before publishing."""

    @extend_schema(request=GoodsSerializer, responses=ReadinessSerializer)
    @action(detail=False, methods=("post",))
    def readiness(self, request: Request) -> Response:
        """What goods lack before they can be published, and what your store has already. Changes nothing."""
        asked = GoodsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        company, goods = request.scope.company, asked.validated_data
        found = readiness_of(company, **goods)
        offered = visible_to(company)
        ids = {*offered.filter(product_id__in=goods["product_ids"]).values_list("pk", flat=True)}
        ids |= {*offered.filter(pk__in=goods["variant_ids"]).values_list("pk", flat=True)}
        body = {
            "products": found.products,
            "variants": found.variants,
            "ready": found.ready,
            "findings": found.findings,
            "already_in_store": list(twins_of(company, sorted(ids)).values()),
        }
        return Response(ReadinessSerializer(body).data)

    @extend_schema(request=AdoptSerializer, responses=AdoptedSerializer)
    @action(detail=False, methods=("post",))
    def adopt(self, request: Request) -> Response:
        """Take over goods that your store has already instead of making them twice. Twice is once."""
        asked = AdoptSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        pairs = {one["variant_id"]: one["own_variant_id"] for one in asked.validated_data["matches"]}
        return Response(AdoptedSerializer({"adopted": adopt(request.scope.company, pairs)}).data)
