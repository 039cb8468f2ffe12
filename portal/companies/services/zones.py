"""In which time zone a new company sits: as the browser says at sign-up, else as its first store says."""

from __future__ import annotations

import zoneinfo
from functools import cache

from portal.companies.models import Company, SignUp


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def known_zone(name: str) -> str:
    """``name`` if it is an IANA zone that can be used, else ""."""
    name = name.strip()
    return name if name in _names() and "/" in name or name == "UTC" else ""


def adopt_store_zone(company: Company, zone: str) -> bool:
    """Take the zone of the first store where nobody told one at sign-up and nobody chose one since; whether it was taken.

    The person who signed up gets it too: times on screen are theirs.
    """
    untold = SignUp.objects.filter(user__memberships__company=company, time_zone="", invitation=None)
    people = [sign_up.user for sign_up in untold.select_related("user")]
    default = Company._meta.get_field("time_zone").default
    if not known_zone(zone) or not people or company.time_zone != default or zone == default:
        return False
    Company.objects.filter(pk=company.pk).update(time_zone=zone)
    company.time_zone = zone
    for person in people:
        if person.time_zone == default:
            person.time_zone = zone
            person.save(update_fields=["time_zone"])
    return True
