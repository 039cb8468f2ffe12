"""Choosing for a difference whose figure holds: ours or theirs. Choosing the same twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from channels.models.reconcile import Difference, DifferenceState, Side
from channels.reconcile.deeds import DEEDS
from channels.reconcile.differences import Choice, kind_of
from channels.reconcile.run import tell_problems
from orders.data import Actor
from portal.companies import audit
from portal.companies.models import User
from portal.lib import clock
from portal.lib.errors import DomainError

# Choices that one click may make.
MOST = 1000


class NoChoice(DomainError):
    """This side cannot be chosen for such a difference."""

    code = "no_choice"


def choice_for(difference: Difference, side: str) -> Choice | None:
    """What choosing ``side`` would do; None where it cannot be chosen."""
    kind = kind_of(difference.kind)
    return {Side.OURS.value: kind.ours, Side.THEIRS.value: kind.theirs}.get(side)


def choose(difference: Difference, side: str, *, actor: Actor, by: User | None) -> str:
    """Apply ``side`` ("ours" or "theirs") and say what happens now. Raises NoChoice, and DomainError with the reason when it cannot be done."""
    answer = _choose(difference.pk, side, actor=actor, by=by)
    tell_problems(difference.integration)
    return answer


def choose_many(
    differences: Iterable[Difference], side: str, *, actor: Actor, by: User | None
) -> tuple[int, list[str]]:
    """Choose ``side`` for many; how many were done, and the reasons of those that were not."""
    done, refused, integrations = 0, [], {}
    for difference in list(differences)[:MOST]:
        try:
            _choose(difference.pk, side, actor=actor, by=by)
        except DomainError as error:
            refused.append(f"{difference.name}: {error.sentence}")
        else:
            done += 1
            integrations[difference.integration_id] = difference.integration
    for integration in integrations.values():
        tell_problems(integration)
    return done, refused


@transaction.atomic
def _choose(pk: int, side: str, *, actor: Actor, by: User | None) -> str:
    difference = Difference.objects.select_for_update(of=("self",)).select_related("integration__company").get(pk=pk)
    choice = choice_for(difference, side)
    if difference.state == DifferenceState.GONE:
        raise NoChoice(f"{difference.name} agrees by now, so there is nothing to choose.")
    if choice is None:
        raise NoChoice(
            f"“{dict(Side.choices).get(side, side)}” cannot be chosen for {difference.name}. {kind_of(difference.kind).cause}"
        )
    if difference.state == DifferenceState.CHOSEN and difference.choice == side:
        return difference.answer
    done = DEEDS[choice.do](difference, actor, words_of(difference, choice))
    difference.state, difference.choice, difference.is_noted = DifferenceState.CHOSEN, side, done.is_noted
    difference.answer, difference.chosen_by, difference.chosen_at = done.answer, by, clock.now()
    difference.save(update_fields=["state", "choice", "is_noted", "answer", "chosen_by", "chosen_at"])
    audit.record(
        difference.integration.company,
        "difference.chosen",
        target=difference.integration,
        user=by,
        actor_kind=actor.kind,
        actor_name=actor.name,
        sentence=f"Books, {difference.get_book_display().lower()}: {choice.label} for {difference.name}",
        data={"difference": difference.pk, "kind": difference.kind, "side": side},
    )
    return done.answer


def words_of(difference: Difference, choice: Choice) -> str:
    """The note that a choice leaves: what differed, and what was chosen."""
    ours, theirs = difference.ours or "not there", difference.theirs or "not there"
    store = difference.integration.name
    return f"{difference.name}: here {ours}, in {store} {theirs}. Chosen: {choice.label.lower()}."
