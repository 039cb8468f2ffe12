"""Tags for programs: the words of a product, and one word on or off many products."""

from __future__ import annotations

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.audit import record_of
from catalog.models import Product
from catalog.services.tags import set_tags, tag_products, untag_products
from portal.companies.api_rows import Endpoint

MOST = 1_000


class TagsSerializer(serializers.Serializer):
    """All tags of a product, at most 20 of 60 letters; upper and lower case are the same."""

    tags = serializers.ListField(child=serializers.CharField(max_length=60), max_length=20)


class TagManySerializer(serializers.Serializer):
    """One tag to put on, or take off, at most 1,000 products. Ids of others' products are passed by."""

    tag = serializers.CharField(max_length=60)
    product_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), min_length=1, max_length=MOST
    )


class TaggedSerializer(serializers.Serializer):
    """How many of the products carry the tag now, or carried it until now."""

    products = serializers.IntegerField()


class TagActions(Endpoint):
    """The endpoints of tags, on products."""

    @extend_schema(responses=TagsSerializer, filters=False)
    @action(detail=True, methods=("get",))
    def tags(self, request: Request, pk: str | None = None) -> Response:
        """The product's tags."""
        return Response({"tags": list(self.get_object().tags.values_list("name", flat=True))})

    @extend_schema(request=TagsSerializer, responses=TagsSerializer)
    @tags.mapping.put
    def set_tags(self, request: Request, pk: str | None = None) -> Response:
        """Set the product's tags. Those left out are taken off; prices that a rule makes by tag follow at once. The same tags again change nothing."""
        product = self.get_object()
        asked = TagsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        now = set_tags(request.scope.company, product, asked.validated_data["tags"])
        self._note(request, f"Tags of “{product}”: {', '.join(now) or 'none'}.", product)
        return Response({"tags": now})

    @extend_schema(request=TagManySerializer, responses=TaggedSerializer)
    @action(detail=False, methods=("post",))
    def tag(self, request: Request) -> Response:
        """Put a tag on many products. Twice is once."""
        return self._many(request, tag_products, "Put the tag “{}” on {:,} products.")

    @extend_schema(request=TagManySerializer, responses=TaggedSerializer)
    @action(detail=False, methods=("post",))
    def untag(self, request: Request) -> Response:
        """Take a tag off many products."""
        return self._many(request, untag_products, "Took the tag “{}” off {:,} products.")

    def _many(self, request: Request, act: Callable[..., int], sentence: str) -> Response:
        asked = TagManySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        word = asked.validated_data["tag"]
        count = act(request.scope.company, asked.validated_data["product_ids"], name=word)
        if count:
            self._note(request, sentence.format(word, count))
        return Response({"products": count})

    def _note(self, request: Request, sentence: str, product: Product | None = None) -> None:
        record_of(request.scope, "product.tagged", target=product, sentence=sentence)
