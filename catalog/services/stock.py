"""Stock figures as sources report them, and units promised to orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from catalog import signals
from catalog.data import ReservationData, StockApplied, StockData
from catalog.models import Location, Reservation, StockChange, StockLevel, Variant
from catalog.services import bulk
from catalog.services.bulk import Row
from catalog.services.locks import lock_catalogue
from portal.companies.models import Company
from portal.lib import clock

# Figures compared in one transaction: a few milliseconds of reading, and on SQLite well under 250 ms even when all of them are new.
CHUNK = 5_000
DEFAULT = "default"


def apply_stock(
    company: Company,
    figures: Iterable[StockData],
    *,
    cause: str = "pull",
    at: datetime | None = None,
    read_at: datetime | None = None,
) -> StockApplied:
    """Make the levels what ``figures`` say, writing only changes, each with its StockChange; ``stock_changed`` names the variants concerned.

    ``figures`` may be a generator of any length: it is taken in chunks, a short transaction each, so memory does not grow with it. ``read_at`` is when the
    reading began: reservations that the source deducted before it stop counting. The first figure of a variant has no StockChange. Figures for
    variants of others are counted as unknown.
    """
    moment = at or clock.now()
    places = _Places(company)
    total = StockApplied()
    for chunk in _chunks(figures):
        with transaction.atomic():
            lock_catalogue(company.pk)
            total = _add(total, _apply_chunk(company, chunk, places, cause, moment, read_at))
    return total


def reserve(items: Iterable[ReservationData]) -> int:
    """Promise units to order lines; a key that exists is left as it is, so calling twice changes nothing. Returns how many are new."""
    rows = {item.key: item for item in items}
    with transaction.atomic():
        known = set(Reservation.objects.filter(key__in=rows).values_list("key", flat=True))
        new = [item for key, item in rows.items() if key not in known]
        Reservation.objects.bulk_create(
            Reservation(key=item.key, variant_id=item.variant_id, quantity=item.quantity) for item in new
        )
        _announce({item.variant_id for item in new})
    return len(new)


def release(keys: Iterable[str]) -> int:
    """Stop counting the reservations ``keys`` at once (cancelled, or shipped by hand). Returns how many were open."""
    with transaction.atomic():
        return _close(Reservation.objects.filter(key__in=list(keys), released_at__isnull=True))


def note_deducted(keys: Iterable[str], *, at: datetime | None = None) -> int:
    """The supplier's store took the units off its own figure at ``at``: they count until a reading that began later is applied (``apply_stock``)."""
    waiting = Reservation.objects.filter(key__in=list(keys), released_at__isnull=True, deducted_at__isnull=True)
    return waiting.update(deducted_at=at or clock.now())


def count_locations(company: Company, keys: Iterable[str]) -> None:
    """From now on the places ``keys`` count towards what is available, beside the default one, and no others do."""
    places = Location.objects.filter(company=company)
    places.exclude(key=DEFAULT).update(is_counted=False)
    for key in keys:
        Location.objects.update_or_create(
            company=company,
            key=key[:80],
            defaults={"is_counted": True},
            create_defaults={"name": key[:120], "is_counted": True},
        )


class _Places:
    """The company's locations by key, made when a figure first names them."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.ids = dict(Location.objects.filter(company=company).values_list("key", "pk"))

    def id_of(self, key: str) -> int:
        if key not in self.ids:
            name = "Main stock" if key == DEFAULT else key
            place, _ = Location.objects.get_or_create(
                company=self.company, key=key[:80], defaults={"name": name[:120], "is_counted": key == DEFAULT}
            )
            self.ids[key] = place.pk
        return self.ids[key]


def _chunks(figures: Iterable[StockData]) -> Iterator[list[StockData]]:
    stream = iter(figures)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _apply_chunk(
    company: Company,
    chunk: Sequence[StockData],
    places: _Places,
    cause: str,
    at: datetime,
    read_at: datetime | None,
) -> StockApplied:
    by_place: dict[str, dict[int, int]] = defaultdict(dict)
    for figure in chunk:
        by_place[figure.location][figure.variant_id] = figure.on_hand
    total, touched = StockApplied(), set()
    for key, wanted in by_place.items():
        counts, changed = _apply_place(company, places.id_of(key), wanted, cause, at)
        total = _add(total, counts)
        touched.update(changed)
    if read_at:
        touched.update(_settle(company, {figure.variant_id for figure in chunk}, read_at))
    _announce(touched)
    return total


def _apply_place(
    company: Company, location_id: int, wanted: dict[int, int], cause: str, at: datetime
) -> tuple[StockApplied, list[int]]:
    held = _levels(location_id, wanted)
    changed = [(row, wanted[row[1]]) for row in held if row[2] != wanted[row[1]]]
    missing = wanted.keys() - {row[1] for row in held} if len(held) < len(wanted) else set()
    new = _own(company, missing)
    _write_levels(location_id, changed, [(i, wanted[i]) for i in new], cause, bulk.raw_time(at))
    counts = StockApplied(len(new), len(changed), len(held) - len(changed), len(missing) - len(new))
    return counts, [row[1] for row, _ in changed] + new


def _levels(location_id: int, wanted: dict[int, int]) -> list[Row]:
    """(level, variant, on hand) of the variants at hand in one place."""
    extra = f"AND location_id = {int(location_id)}"
    return bulk.read_rows(StockLevel, ("id", "variant_id", "on_hand"), by="variant_id", ids=wanted, extra=extra)


def _own(company: Company, ids: Iterable[int]) -> list[int]:
    """Those of ``ids`` that are variants of ``company``."""
    found = bulk.read_rows(Variant, ("id",), by="id", ids=ids, extra=f"AND company_id = {int(company.pk)}")
    return [row[0] for row in found]


def _write_levels(
    location_id: int, changed: Sequence[tuple[Row, int]], new: Sequence[tuple[int, int]], cause: str, moment: object
) -> None:
    bulk.update_rows(StockLevel, ("on_hand", "changed_at"), [(row[0], on_hand, moment) for row, on_hand in changed])
    levels = ("variant_id", "location_id", "on_hand", "changed_at")
    bulk.insert_rows(StockLevel, levels, [(i, location_id, on_hand, moment) for i, on_hand in new])
    history = ("variant_id", "location_id", "before", "after", "cause", "at")
    changes = [(row[1], location_id, row[2], on_hand, cause, moment) for row, on_hand in changed]
    bulk.insert_rows(StockChange, history, changes)


def _settle(company: Company, variant_ids: set[int], read_at: datetime) -> list[int]:
    """Close what the source's figures now contain: deducted there before the reading began."""
    settled = Reservation.objects.for_company(company).filter(released_at__isnull=True, deducted_at__lt=read_at)
    rows = [(pk, variant_id) for pk, variant_id in settled.values_list("pk", "variant_id") if variant_id in variant_ids]
    Reservation.objects.filter(pk__in=[pk for pk, _ in rows]).update(released_at=clock.now())
    return [variant_id for _, variant_id in rows]


def _close(reservations: QuerySet[Reservation]) -> int:
    rows = list(reservations.values_list("pk", "variant_id"))
    Reservation.objects.filter(pk__in=[pk for pk, _ in rows]).update(released_at=clock.now())
    _announce({variant_id for _, variant_id in rows})
    return len(rows)


def _announce(variant_ids: Iterable[int]) -> None:
    ids = sorted(variant_ids)
    if ids:
        signals.stock_changed.send(sender=StockLevel, variant_ids=ids)


def _add(one: StockApplied, other: StockApplied) -> StockApplied:
    return StockApplied(
        one.created + other.created,
        one.updated + other.updated,
        one.unchanged + other.unchanged,
        one.unknown + other.unknown,
    )
