"""What a company chooses for its store's order statuses: saved together, audited, undone by one click."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from channels import dispatch
from channels.contract import SettingField
from channels.meanings import NEVER, Meaning, StatusTable
from channels.models import Integration, ValueMap
from channels.models.valuemap import Area
from channels.registry import connector_class
from channels.statuses import known_statuses, tell_gone
from portal.companies import audit
from portal.companies.models import AuditEvent, User
from portal.companies.models.audit import ActorKind
from portal.lib.errors import DomainError

ACTION = "integration.mapped"


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A status on screen: the stored row, what it means now, whether a person chose that, and whether it can be chosen at all."""

    row: ValueMap
    meaning: Meaning
    usual: Meaning
    is_chosen: bool
    is_fixed: bool

    @property
    def is_gone(self) -> bool:
        return self.row.gone_at is not None

    @property
    def matters(self) -> bool:
        """Whether somebody chose something for it, or orders were met in it that the store's list does not tell of."""
        return self.is_chosen or self.row.seen > 0


def status_lines(integration: Integration, rows: list[ValueMap]) -> list[StatusLine]:
    """``rows`` with what they mean for this integration. A status that is gone is shown while something was chosen for it, or where orders are in it."""
    table = StatusTable.told({row.theirs: row.ours for row in rows if row.ours}, integration.settings)
    lines = [
        StatusLine(
            row,
            table.meaning(row.theirs, row.usual),
            table.usual(row.theirs, row.usual),
            is_chosen=bool(row.ours),
            is_fixed=row.usual in NEVER,
        )
        for row in rows
    ]
    return [line for line in lines if not line.is_gone or line.matters or line.row.theirs == table.import_status]


def written_fields(integration: Integration) -> list[SettingField]:
    """The settings that name a status which we set in the store, for what flows through this integration."""
    flows = {"": True, "sells": integration.sells, "supplies": integration.supplies}
    return [each for each in connector_class(integration.kind).setting_fields if each.states and flows[each.role]]


def written_choices(field: SettingField, rows: list[ValueMap]) -> list[tuple[str, str]]:
    """The store's statuses that ``field`` may be, by what they usually mean."""
    return [(row.theirs, row.label) for row in rows if row.usual in field.states and row.gone_at is None]


@transaction.atomic
def choose(
    integration: Integration, meanings: Mapping[int, str], written: Mapping[str, str], *, by: User | None, key: str = ""
) -> AuditEvent | None:
    """Save what statuses mean (row id → ``Meaning``) and which ones we set (setting → their id); the event that undoes it, None when nothing changed.

    ``key`` names the program that chose, where no person did.

    What is usual is not stored as a choice, so that it follows the channel. Raises DomainError when no status would be taken over any more.
    """
    integration = Integration.objects.select_for_update(of=("self",)).select_related("company").get(pk=integration.pk)
    rows = known_statuses(integration)
    before = _state(integration, rows)
    shown = {line.row.pk: line.meaning for line in status_lines(integration, rows)}
    _write_settings(integration, written)
    table = StatusTable.told({}, integration.settings)
    for row in rows:
        wanted = meanings.get(row.pk)
        if wanted is not None and wanted != shown.get(row.pk) and row.usual not in NEVER:
            row.ours = "" if wanted == table.usual(row.theirs, row.usual) else Meaning(wanted).value
    _refuse_nothing_taken(integration, rows)
    ValueMap.objects.bulk_update(rows, ["ours"])
    return _note(integration, before, _state(integration, rows), by=by, key=key)


@transaction.atomic
def undo(event: AuditEvent, integration: Integration, *, by: User | None) -> None:
    """Put back what stood before ``event``. Raises DomainError when somebody changed it again since."""
    integration = Integration.objects.select_for_update(of=("self",)).select_related("company").get(pk=integration.pk)
    rows = known_statuses(integration)
    now = _state(integration, rows)
    if now != event.data.get("after"):
        raise DomainError("The mapping was changed again since, so this cannot be undone. Nothing was changed.")
    before = event.data["before"]
    _write_settings(integration, before["written"])
    for row in rows:
        row.ours = before["chosen"].get(row.theirs, "")
    ValueMap.objects.bulk_update(rows, ["ours"])
    _note(integration, now, _state(integration, rows), by=by, word="Put back")


def _write_settings(integration: Integration, written: Mapping[str, str]) -> None:
    """The channel's own choice is not stored, so that it follows the channel."""
    usual = {each.name: each.default for each in written_fields(integration)}
    others = {name: value for name, value in integration.settings.items() if name not in written}
    integration.settings = others | {name: value for name, value in written.items() if value not in ("", usual[name])}
    integration.save(update_fields=["settings"])


def _state(integration: Integration, rows: list[ValueMap]) -> dict[str, Any]:
    """What the mapping is, as it is kept in the audit."""
    names = [each.name for each in written_fields(integration)]
    return {
        "chosen": {row.theirs: row.ours for row in rows if row.ours},
        "written": {name: str(integration.settings.get(name) or "") for name in names},
    }


def _refuse_nothing_taken(integration: Integration, rows: list[ValueMap]) -> None:
    lines = status_lines(integration, rows)
    if integration.sells and not any(line.meaning is Meaning.IMPORT and not line.is_gone for line in lines):
        raise DomainError(
            "No status would be taken over, so no order would arrive any more. Choose “Take the order over” for at least one; "
            "to stop orders for a while, pause the connection instead."
        )


def _note(
    integration: Integration,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    by: User | None,
    key: str = "",
    word: str = "Changed",
) -> AuditEvent | None:
    if before == after:
        return None
    tell_gone(integration)
    transaction.on_commit(lambda: _take_effect(integration))
    return audit.record(
        integration.company,
        ACTION,
        target=integration,
        user=by,
        actor_kind=ActorKind.KEY if key else ActorKind.PERSON,
        actor_name=key,
        sentence=f"{word} what order statuses mean in {integration.name}: {_in_words(integration, before, after)}.",
        data={"before": before, "after": after},
    )


def _take_effect(integration: Integration) -> None:
    if integration.is_live and integration.sells:
        dispatch.wake(integration.pk, "pull_orders", trigger="person")


def _in_words(integration: Integration, before: dict[str, Any], after: dict[str, Any]) -> str:
    """ "Ready to send → take the order over; status when everything is shipped"."""
    rows = ValueMap.objects.filter(integration=integration, area=Area.STATUS)
    labels = dict(rows.values_list("theirs", "label"))
    was, now = before["chosen"], after["chosen"]
    parts = [
        f"{labels.get(theirs, theirs)} → {Meaning(now[theirs]).label.lower() if theirs in now else 'as usual'}"
        for theirs in sorted({*was, *now})
        if was.get(theirs) != now.get(theirs)
    ]
    names = {each.name: each.label for each in written_fields(integration)}
    parts += [
        f"{name[:1].lower()}{name[1:]} → {labels.get(after['written'][key], 'as usual')}"
        for key, name in names.items()
        if before["written"].get(key) != after["written"].get(key)
    ]
    return "; ".join(parts)
