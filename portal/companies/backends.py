"""Who a session belongs to: the person together with the companies they work in, since every page needs both."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from portal.companies.models import Membership, User
from portal.lib.prepared import Prepared

MOST_KNOWN = 20
_OWN = Prepared(lambda user: Membership.objects.select_related("company", "user").filter(user=user).order_by("pk"))


class PersonBackend(AuthenticationBackend):
    """Signs in by e-mail address, as allauth does. A session's person comes with the first ``known_memberships``, oldest first, in the same query."""

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session, None for one who is gone or closed. Somebody in no company (staff) costs a second query."""
        memberships = _OWN.objects(user=user_id, limit=MOST_KNOWN)
        if not memberships:
            return super().get_user(user_id)
        user = memberships[0].user
        user.known_memberships = memberships
        return user if self.user_can_authenticate(user) else None
