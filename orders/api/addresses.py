"""Addresses as programs send and read them."""

from __future__ import annotations

from rest_framework import serializers


class AddressSerializer(serializers.Serializer):
    """Who and where; ``country`` is ISO 3166 alpha-2."""

    first_name = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    last_name = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    company = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    address1 = serializers.CharField(max_length=200)
    address2 = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    city = serializers.CharField(max_length=100)
    state = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    postcode = serializers.CharField(max_length=20)
    country = serializers.RegexField(r"^[A-Z]{2}$", max_length=2)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    email = serializers.EmailField(required=False, allow_blank=True, default="")


class ShownAddressSerializer(serializers.Serializer):
    """An address as it came with the order."""

    first_name = serializers.CharField(default="")
    last_name = serializers.CharField(default="")
    company = serializers.CharField(default="")
    address1 = serializers.CharField(default="")
    address2 = serializers.CharField(default="")
    city = serializers.CharField(default="")
    state = serializers.CharField(default="")
    postcode = serializers.CharField(default="")
    country = serializers.CharField(default="")
    phone = serializers.CharField(default="")
    email = serializers.CharField(default="")
