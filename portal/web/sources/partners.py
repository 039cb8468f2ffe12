"""Partners on Home and in the search: invitations that wait, the step of linking one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from portal.companies.models import Partnership, PartnershipState
from portal.companies.permissions import Can
from portal.companies.scope import Scope
from portal.companies.selectors import partner_views, partnerships_of
from portal.ui import finding, todo
from portal.web.sources.links import counted, to


def register() -> None:
    """Called once when Django starts."""
    todo.todos.register(waiting_invitations)
    todo.steps.register(link_step)
    finding.register("Partners", "users", find_partners)


def waiting_invitations(scope: Scope) -> Iterable[todo.Todo]:
    """Partnerships that another company offered and nobody answered yet."""
    if not scope.can(Can.PARTNERS):
        return
    rows = partnerships_of(scope.company).filter(state=PartnershipState.INVITED).exclude(inviter=scope.company)[:5]
    for row in rows:
        yield todo.Todo(
            f"{row.inviter} invited you to trade",
            "Nothing is shared until you accept.",
            to("partner", row.pk),
            "Look at it",
            tone="acc",
            icon="users",
            weight=30,
        )


def link_step(scope: Scope) -> Iterable[todo.Step]:
    """Link a partner: done with the first accepted partnership."""
    rows = partnerships_of(scope.company)
    trading = rows.filter(state=PartnershipState.ACCEPTED).count()
    invited = rows.filter(state=PartnershipState.INVITED).first() if not trading else None
    other = "retailer" if scope.company.is_supplier else "supplier"
    said = "Invite one by e-mail. Nothing of yours is visible to them before you assign a price list."
    if not scope.company.is_supplier:
        said = "Invite one by e-mail, or open the invitation that you got. Their goods appear once they assign a list."
    if invited:
        said = f"{invited.invited_name or invited.invited_email or 'Your partner'} has not answered yet."
    yield todo.Step(
        40,
        "Link a partner",
        f"You trade with {counted(trading, 'partner')}." if trading else said,
        to("partner-invite") if scope.can(Can.PARTNERS) else "",
        f"Invite a {other}",
        is_done=trading > 0,
        estimate="about 2 min",
    )


def find_partners(scope: Scope, text: str) -> Iterable[finding.Hit]:
    """Partners whose name contains ``text``."""
    named = Q(supplier__name__icontains=text) | Q(retailer__name__icontains=text) | Q(invited_name__icontains=text)
    rows: list[Partnership] = list(partnerships_of(scope.company).filter(named)[: finding.MOST * 2])
    for partner in partner_views(scope.company, rows):
        if text.lower() in partner.name.lower():
            state = partner.partnership.get_state_display()
            yield finding.Hit(partner.name, to("partner", partner.partnership.pk), state)
