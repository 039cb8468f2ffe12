"""When a publish of prices needs a second person, for programs: one policy for all lists of a company."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.audit import record_of
from catalog.models import PricePolicy
from catalog.services import policy_of, set_policy

PERCENT: dict[str, Any] = {"min_value": 0, "max_value": 1_000, "allow_null": True, "required": False}


class PricePolicySerializer(serializers.Serializer):
    """A publish waits for a second person where one price moves by more than ``approve_move`` percent, or where more than ``approve_share`` percent of a
    list's prices move; null never asks for that reason. ``is_on``: one of them is set, so that every edit goes into a draft first."""

    approve_move = serializers.IntegerField(**PERCENT)
    approve_share = serializers.IntegerField(**PERCENT)
    is_on = serializers.BooleanField(read_only=True)


class PriceApprovalViewSet(viewsets.GenericViewSet):
    """When a second person must approve prices before they are published. Its scope is its own, so that a key that changes prices cannot lift the check
    on them; of persons, owners and admins may change it."""

    scope_area = "price-approval"
    serializer_class = PricePolicySerializer
    queryset = PricePolicy.objects.none()
    pagination_class = None

    @extend_schema(responses=PricePolicySerializer)
    @action(detail=False, methods=("get",))
    def policy(self, request: Request) -> Response:
        """The policy of your company, for all of its price lists."""
        return Response(PricePolicySerializer(policy_of(request.scope.company)).data)

    @extend_schema(request=PricePolicySerializer, responses=PricePolicySerializer)
    @policy.mapping.patch
    def set_policy(self, request: Request) -> Response:
        """Change the policy; what is left out stays. Drafts that wait already go on waiting."""
        company = request.scope.company
        asked = PricePolicySerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        before = policy_of(company)
        said = {"approve_move": before.approve_move, "approve_share": before.approve_share} | asked.validated_data
        now = set_policy(company, share=said["approve_share"], move_percent=said["approve_move"])
        if (now.approve_move, now.approve_share) != (before.approve_move, before.approve_share):
            words = "asks for approval" if now.is_on else "does not ask for approval"
            record_of(request.scope, "price_policy.changed", sentence=f"Publishing prices {words} now.")
        return Response(PricePolicySerializer(now).data)
