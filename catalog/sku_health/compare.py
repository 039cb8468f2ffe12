"""Looking at all SKUs of a company in chunks: within its own catalogue, against the goods of its suppliers, and against other sides that apps register.

Nothing of it grows with the catalogue: own variants are walked by id, the other side is a stream, and each chunk asks the indexes on SKU key and bare form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.expressions import Combinable

from catalog.files.values import is_damaged
from catalog.models import FindingKind, Listing, ListingState, SkuAlias, SkuFinding, SkuRename, Variant, sku_key
from catalog.sku_health.forms import SkuForm, sku_form
from catalog.visibility import visible_to
from portal.companies.models import Company, Partnership, PartnershipState
from portal.lib import clock

CHUNK = 1_000
# A rename is told for so long.
RENAMED_WITHIN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Other:
    """A SKU of another side: a partner's variant, or what a warehouse holds (then ``variant_id`` is none)."""

    sku: str
    variant_id: int | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """Something to compare with: who it is, and its SKUs as a stream."""

    name: str
    skus: Iterable[Other]
    partner_id: int | None = None


class Alike(NamedTuple):
    """An own SKU that may look like another."""

    pk: int
    sku: str
    sku_key: str


# Other apps add sides here (a warehouse, a marketplace): company → sides.
_sources: list[Callable[[Company], Iterable[Side]]] = []


def add_source(source: Callable[[Company], Iterable[Side]]) -> None:
    """Compare with what ``source(company)`` gives, too; twice is once."""
    if source not in _sources:
        _sources.append(source)


def sides_of(company: Company) -> Iterator[Side]:
    """The suppliers that the company trades with, then whatever other apps know."""
    if company.is_retailer:
        rows = Partnership.objects.filter(retailer=company, state=PartnershipState.ACCEPTED).select_related("supplier")
        for partnership in rows.order_by("pk"):
            yield Side(str(partnership.supplier), _offered(company, partnership), partnership.supplier_id)
    for source in _sources:
        yield from source(company)


def own_findings(company: Company) -> Iterator[list[SkuFinding]]:
    """What the company's own catalogue says about itself, a list for each chunk looked at."""
    for chunk in _own_chunks(company):
        yield [*_missing(chunk), *_damaged(chunk), *_shared(company, chunk), *_alike(company, chunk)]
    yield list(_renamed(company))


def side_findings(company: Company, side: Side) -> Iterator[list[SkuFinding]]:
    """Each SKU of ``side``: matched, alike, or only there."""
    stream = iter(side.skus)
    while chunk := list(islice(stream, CHUNK)):
        yield _compared(company, side, chunk)


def only_here(company: Company, *, round_: int) -> Iterator[list[SkuFinding]]:
    """Own SKUs that no side of this round matched or resembles. Call it when the sides are through."""
    met = SkuFinding.objects.filter(company=company, round=round_, variant=OuterRef("pk"))
    met = met.filter(kind__in=(FindingKind.MATCHED, FindingKind.NEAR)).exclude(partner=None, place="")
    for chunk in _own_chunks(company, ~Exists(met)):
        yield [_finding(FindingKind.HERE, row) for row in chunk if row.sku_key]


def _own_chunks(company: Company, *conditions: Combinable) -> Iterator[list[Variant]]:
    rows = own_goods(company).filter(*conditions).select_related("product").only(*_LOOKED_AT).order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


_LOOKED_AT = ("sku", "sku_key", "name", "product__name")


def own_goods(company: Company) -> QuerySet[Variant]:
    return Variant.objects.filter(company=company, is_active=True, product__is_active=True)


def _missing(chunk: Sequence[Variant]) -> Iterator[SkuFinding]:
    """Variants without a SKU: an option that no stock and no order can name."""
    for row in chunk:
        if not row.sku_key:
            what = f"“{row.full_name[:120]}” has no SKU, so it cannot be ordered, stocked or priced by one."
            yield _finding(FindingKind.MISSING, row, detail=what)


def _damaged(chunk: Sequence[Variant]) -> Iterator[SkuFinding]:
    for row in chunk:
        if is_damaged(row.sku):
            yield _finding(FindingKind.DAMAGED, row, detail="A spreadsheet turned a long number into this short form.")


def _shared(company: Company, chunk: Sequence[Variant]) -> Iterator[SkuFinding]:
    keys = {row.sku_key for row in chunk if row.sku_key}
    same = (
        own_goods(company).filter(sku_key__in=keys).order_by().values("sku_key").annotate(n=Count("pk")).filter(n__gt=1)
    )
    numbers = dict(same.values_list("sku_key", "n"))
    for row in chunk:
        if row.sku_key in numbers:
            others = numbers[row.sku_key] - 1
            what = f"“{row.full_name[:120]}” shares it with {others:,} other{'s' if others > 1 else ''} of your goods."
            yield _finding(FindingKind.DUPLICATE, row, other_sku=row.sku, detail=what)


def _alike(company: Company, chunk: Sequence[Variant]) -> Iterator[SkuFinding]:
    """Own SKUs that differ by case, blanks, dashes or leading zeros only."""
    by_form = _own_by_form(company, {sku_form(row.sku) for row in chunk})
    for row in chunk:
        other = next((one for one in by_form.get(sku_form(row.sku), ()) if one.sku_key != row.sku_key), None)
        if other is not None:
            yield _finding(
                FindingKind.NEAR, row, other_sku=other.sku, other_id=other.pk, detail=difference(row.sku, other.sku)
            )


def _renamed(company: Company) -> Iterator[SkuFinding]:
    """SKUs that changed lately: the company's own, and those of goods that it lists and whose old SKU it did not remember yet."""
    since = clock.now() - RENAMED_WITHIN
    own = SkuRename.objects.filter(variant__company=company, at__gte=since, variant__is_active=True)
    for one in own.select_related("variant").order_by("pk").iterator(CHUNK):
        yield _finding(
            FindingKind.RENAMED, one.variant, other_sku=one.before, detail=f"Was {one.before} until {one.at:%-d %B}."
        )
    listed = Listing.objects.filter(company=company, variant=OuterRef("variant")).exclude(state=ListingState.STOPPED)
    theirs = SkuRename.objects.filter(Exists(listed), at__gte=since).select_related("variant__company").order_by("pk")
    known = set(SkuAlias.objects.filter(company=company).values_list("sku_key", flat=True)[:50_000])
    for one in theirs.iterator(CHUNK):
        if sku_key(one.before) not in known:
            yield SkuFinding(
                kind=FindingKind.RENAMED,
                partner_id=one.variant.company_id,
                sku=one.before,
                other_sku=one.after,
                other_id=one.variant_id,
                detail=f"{one.variant.company} calls it {one.after} since {one.at:%-d %B}."[:200],
            )


def _offered(company: Company, partnership: Partnership) -> Iterator[Other]:
    rows = visible_to(company, partnership=partnership).order_by("pk")
    last = 0
    while chunk := list(rows.filter(pk__gt=last).values_list("pk", "sku")[:CHUNK]):
        for pk, sku in chunk:
            yield Other(sku, pk)
        last = chunk[-1][0]


@dataclass(frozen=True, slots=True)
class _Ours:
    """What the company has that may be the same as the SKUs of a chunk."""

    by_key: dict[str, Alike]
    by_form: dict[str, list[Alike]]
    listed: set[int]
    remembered: dict[int, str]
    settled: set[str]


def _compared(company: Company, side: Side, chunk: Sequence[Other]) -> list[SkuFinding]:
    keys = {sku_key(one.sku) for one in chunk} - {""}
    ids = [one.variant_id for one in chunk if one.variant_id]
    aliases = SkuAlias.objects.filter(company=company, variant_id__in=ids)
    ours = _Ours(
        by_key=_own_by_key(company, keys),
        by_form=_own_by_form(company, {sku_form(one.sku) for one in chunk}),
        listed=set(
            Listing.objects.filter(company=company, variant_id__in=ids)
            .exclude(state=ListingState.STOPPED)
            .values_list("variant_id", flat=True)
        ),
        remembered=dict(aliases.values_list("variant_id", "sku_key")),
        settled=set(),
    )
    near = {row.sku_key for rows in ours.by_form.values() for row in rows}
    own = SkuAlias.objects.filter(company=company, sku_key__in=near, variant=None)
    ours.settled.update(own.values_list("sku_key", flat=True))
    return [_against(side, one, ours) for one in chunk if sku_key(one.sku)]


def _against(side: Side, one: Other, ours: _Ours) -> SkuFinding:
    finding = SkuFinding(
        partner_id=side.partner_id,
        place="" if side.partner_id else side.name[:100],
        other_sku=one.sku,
        other_id=one.variant_id,
    )
    same = ours.by_key.get(sku_key(one.sku))
    if same is not None:
        return _matched(finding, same.sku, same.pk, "The same SKU in your store.")
    if one.variant_id in ours.remembered:
        return _matched(finding, ours.remembered[one.variant_id], None, "Remembered: this SKU of yours means theirs.")
    if one.variant_id in ours.listed:
        return _matched(finding, one.sku, None, "Listed in your store by us.")
    alike = next((row for row in ours.by_form.get(sku_form(one.sku), ()) if row.sku_key not in ours.settled), None)
    if alike is not None:
        finding.kind, finding.sku, finding.variant_id = FindingKind.NEAR, alike.sku, alike.pk
        finding.detail = difference(alike.sku, one.sku)
        return finding
    finding.kind = FindingKind.THERE
    return finding


def _matched(finding: SkuFinding, sku: str, variant_id: int | None, detail: str) -> SkuFinding:
    finding.kind, finding.sku, finding.variant_id, finding.detail = FindingKind.MATCHED, sku, variant_id, detail
    return finding


def _own_by_key(company: Company, keys: set[str]) -> dict[str, Alike]:
    rows = own_goods(company).filter(sku_key__in=keys).order_by().values_list("pk", "sku", "sku_key")
    return {row[2]: Alike(*row) for row in rows}


def _own_by_form(company: Company, forms: set[str]) -> dict[str, list[Alike]]:
    """Own SKUs by bare form. Sorted here: an ORDER BY would tempt SQLite away from the index on bare forms."""
    found: dict[str, list[Alike]] = defaultdict(list)
    rows = own_goods(company).annotate(form=SkuForm("sku_key")).filter(form__in=forms - {""}).order_by()
    for form, pk, sku, key in sorted(rows.values_list("form", "pk", "sku", "sku_key"), key=itemgetter(1)):
        found[form].append(Alike(pk, sku, key))
    return found


def difference(one: str, other: str) -> str:
    """In what two look-alikes differ: ``Differs by leading zeros and case.``"""
    bare, bare_other = _kept(one, True), _kept(other, True)
    checks = (
        ("case", bare.lstrip("0") != bare_other.lstrip("0")),
        ("blanks or signs", _kept(one, False) != _kept(other, False)),
        ("leading zeros", _zeros(bare) != _zeros(bare_other)),
    )
    return f"Differs by {' and '.join(word for word, differs in checks if differs) or 'small signs'}."


def _kept(text: str, letters: bool) -> str:
    """The letters and digits of ``text``, or what stands between them."""
    return "".join(sign for sign in text.strip() if sign.isalnum() is letters)


def _zeros(text: str) -> int:
    return len(text) - len(text.lstrip("0"))


def _finding(
    kind: str, row: Variant, *, other_sku: str = "", other_id: int | None = None, detail: str = ""
) -> SkuFinding:
    return SkuFinding(
        kind=kind, sku=row.sku, variant_id=row.pk, other_sku=other_sku, other_id=other_id, detail=detail[:200]
    )
