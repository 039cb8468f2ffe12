"""Partners: who the company trades with, what each partnership lacks, and invitations to this person's address."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, NullIf

from portal.companies.models import Partnership, PartnershipState
from portal.companies.notices import Notice, notices_for
from portal.companies.permissions import Can
from portal.companies.selectors import invitations_to
from portal.ui.lists import ChoiceFilter, Column, Empty, ListView, Tab
from portal.ui.looks import FINE, GONE, MOVING, OFF, STUCK, Look

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Sides(TypedDict):
    """Who is who, as the company sees it."""

    we_supply: bool
    we_invited: bool
    partner_name: str


WAITS = "waits"
LOOKS: dict[str, Look] = {
    WAITS: STUCK,
    PartnershipState.INVITED: MOVING.named("Invited"),
    PartnershipState.ACCEPTED: FINE.named("Trading"),
    PartnershipState.PAUSED: OFF,
    PartnershipState.ENDED: GONE.named("Ended"),
}


def _side(row: WithAnnotations[Partnership, Sides]) -> str:
    return "Retailer" if row.we_supply else "Supplier"


def _terms(row: Partnership) -> str:
    days = "the same day" if row.ship_within_days == 0 else f"within {row.ship_within_days} days"
    return f"Ships {days}"


def _state(row: WithAnnotations[Partnership, Sides]) -> str:
    return WAITS if row.state == PartnershipState.INVITED and not row.we_invited else row.state


class PartnerList(ListView):
    """Both sides in one list; what waits for us is one click away."""

    name, title, permission, model = "partners", "Partners", Can.VIEW, Partnership
    template = "companies/partners.html"
    help_slug = "partners"
    search = ("partner_name__icontains", "invited_email__istartswith")
    search_hint = "Company or e-mail"
    columns = (
        Column("partner", "Partner", value="partner_name", link=True, place="1l"),
        Column("side", "They are", value=_side, place="2l"),
        Column("state", "State", value=_state, kind="state", looks=LOOKS, place="1r"),
        Column("terms", "Terms", value=_terms, hide="md", extra_class="t2", place="2r"),
        Column("missing", "What is missing", cell="companies/cells/missing.html", export=False, place="3l"),
        Column("accepted_at", "Trading since", kind="time", shown=False),
    )
    tabs = (
        Tab("live", "All", ~Q(state=PartnershipState.ENDED)),
        Tab("trading", "Trading", Q(state=PartnershipState.ACCEPTED)),
        Tab("waiting", "Needs you", Q(state=PartnershipState.INVITED, we_invited=False), tone="bad"),
        Tab("ended", "Ended", Q(state=PartnershipState.ENDED), counted=False),
    )
    filters = (ChoiceFilter("side", "They are", (("true", "Retailer"), ("false", "Supplier")), field="we_supply"),)

    def rows(self) -> QuerySet[Partnership]:
        us = self.request.scope.company
        invited = Coalesce(NullIf("invited_name", Value("")), F("invited_email"))
        return (
            self.request.scope.rows(Partnership)
            .select_related("supplier", "retailer")
            .annotate(
                we_supply=Q(supplier=us),
                we_invited=Q(inviter=us),
                partner_name=Case(
                    When(supplier=us, then=Coalesce("retailer__name", invited)),
                    default=Coalesce("supplier__name", invited),
                    output_field=CharField(),
                ),
            )
        )

    @cached_property
    def missing(self) -> dict[int, list[Notice]]:
        """What the partnerships on this page lack, by id."""
        return notices_for(self.request.scope.company, self.page.rows)

    @property
    def empty(self) -> Empty:
        text = "Invite a company by e-mail. Nothing is shared until they accept."
        if self.request.scope.can(Can.PARTNERS):
            return Empty("users", "No partners yet", text, "partner-invite", "Invite partner")
        return Empty("users", "No partners yet", "An owner or admin can invite a company by e-mail.")

    def extra(self) -> dict[str, Any]:
        company = self.request.scope.company
        return {
            "addressed": invitations_to(self.request.user).exclude(inviter=company)[:5],
            "may_change": self.request.scope.can(Can.PARTNERS),
        }
