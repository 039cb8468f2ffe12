"""People, keys and partners of the cast."""

from __future__ import annotations

from portal.companies.services import create_api_key, invite_person
from portal.companies.tests.factories import MembershipFactory
from portal.tests.examples.base import Cast, Example, Maker


def _partnership(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": cast.partnership.pk})


def _member(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": MembershipFactory(company=cast.kingsway, role="viewer").pk})


def _invitation(cast: Cast) -> Example:
    owner = MembershipFactory(company=cast.kingsway)
    invited = invite_person(cast.kingsway, email="new@example.com", role="viewer", by=owner.user)
    return Example(cast.kingsway, {"pk": invited.invitation.pk})


def _key(cast: Cast) -> Example:
    issued = create_api_key(cast.kingsway, name="ERP", scopes=["orders:read"], by=None)
    return Example(cast.kingsway, {"pk": issued.key.pk})


EXAMPLES: dict[str, Maker] = {
    "person-role": _member,
    "person-remove": _member,
    "person-invitation-withdraw": _invitation,
    "api-key-revoke": _key,
    "partner": _partnership,
    "partner-accept": _partnership,
    "partner-pause": _partnership,
    "partner-resume": _partnership,
    "partner-end": _partnership,
    "partner-terms": _partnership,
    "api:partner-detail": _partnership,
}
