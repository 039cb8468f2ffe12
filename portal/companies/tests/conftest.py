"""Fixtures of this app's tests."""

from portal.companies.tests.platform_doubles import two_platforms

__all__ = ["two_platforms"]
