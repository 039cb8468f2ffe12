"""Tests of the BigCommerce simulator."""
