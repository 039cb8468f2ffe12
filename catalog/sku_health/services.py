"""Looking at a company's SKUs, and settling what was found."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from catalog import jobs
from catalog.models import FindingKind, SkuCheck, SkuFinding, Variant
from catalog.services import forget_match, remember_match
from catalog.sku_health import compare
from catalog.sku_health.compare import own_goods, sides_of
from catalog.visibility import visible_to
from portal.companies.models import Company
from portal.lib import clock
from portal.lib.errors import DomainError

LEASE = timedelta(minutes=5)
# So many SKUs are looked at while the page waits; more are a worker's.
AT_ONCE = 2_000
OLD_AFTER = timedelta(hours=24)
MOST_DELETED = 5_000


def check_of(company: Company) -> SkuCheck:
    """The state of the company's last look, made when there was none."""
    row, _ = SkuCheck.objects.get_or_create(company=company)
    return row


def ask(company: Company) -> SkuCheck:
    """Look at the company's SKUs: now when there are few, else by a worker. Asking while one looks changes nothing."""
    check_of(company)
    SkuCheck.objects.filter(company=company, asked_at=None).update(asked_at=clock.now())
    if own_goods(company).values("pk")[: AT_ONCE + 1].count() > AT_ONCE or _has_large_sides(company):
        jobs.queue_sku_check(company.pk)
    else:
        look(company)
    return check_of(company)


def is_old(check: SkuCheck) -> bool:
    return not check.is_running and (check.checked_at is None or clock.now() - check.checked_at > OLD_AFTER)


def due() -> list[int]:
    """Companies whose look was asked for and that nobody looks at (any more)."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=clock.now())
    return list(SkuCheck.objects.filter(free, asked_at__isnull=False).values_list("company_id", flat=True)[:100])


def look(company: Company) -> bool:
    """Write a new round of findings and show it. Returns whether this call did; a look cut off is begun again, twice at once is once."""
    owner = uuid.uuid4().hex
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=clock.now())
    mine = SkuCheck.objects.filter(company=company, lease_owner=owner)
    asked = SkuCheck.objects.filter(free, company=company, asked_at__isnull=False)
    if not asked.update(lease_owner=owner, lease_until=clock.now() + LEASE):
        return False
    check = mine.get()
    round_ = check.round + 1
    _drop(SkuFinding.objects.filter(company=company).exclude(round=check.round))
    has_sides = False
    for found in compare.own_findings(company):
        _keep(company, round_, found, mine)
    for side in sides_of(company):
        has_sides = True
        for found in compare.side_findings(company, side):
            _keep(company, round_, found, mine)
    if has_sides:
        for found in compare.only_here(company, round_=round_):
            _keep(company, round_, found, mine)
    mine.update(
        round=round_,
        looked_at=own_goods(company).count(),
        checked_at=clock.now(),
        asked_at=None,
        lease_owner="",
        lease_until=None,
    )
    _drop(SkuFinding.objects.filter(company=company).exclude(round=round_))
    return True


def settle_same(company: Company, findings: Iterable[SkuFinding]) -> int:
    """Remember that the two SKUs of each finding are the same goods: the company's orders match by it from now on. Returns how many."""
    kinds = {FindingKind.NEAR, FindingKind.RENAMED}
    fit = [one for one in findings if one.kind in kinds and one.other and one.partner_id]
    if not fit:
        raise DomainError("Choose rows that look like a partner's SKU, or that a partner renamed.")
    for finding in fit:
        said = "Remembered: this SKU of yours means theirs."
        _settle(company, finding, means=finding.other, kind=FindingKind.MATCHED, detail=said)
    return len(fit)


def settle_different(company: Company, findings: Iterable[SkuFinding]) -> int:
    """Remember that the own SKU of each look-alike is the company's own goods. Returns how many."""
    fit = [one for one in findings if one.kind == FindingKind.NEAR and one.partner_id]
    if not fit:
        raise DomainError("Choose rows whose SKU only looks like a partner's.")
    for finding in fit:
        _settle(company, finding, means=None, kind=FindingKind.HERE, detail="Your own goods, as you said.")
    return len(fit)


@transaction.atomic
def _settle(company: Company, finding: SkuFinding, *, means: Variant | None, kind: str, detail: str) -> None:
    """Remember what the finding's SKU means (None: the company's own goods), and show it as settled until the next look."""
    remember_match(company, finding.sku, means)
    SkuFinding.objects.filter(pk=finding.pk).update(kind=kind, detail=detail)


def forget(company: Company, findings: Iterable[SkuFinding]) -> int:
    """Drop remembered matches; the next look finds the SKUs as they are. Returns how many."""
    done = 0
    for finding in findings:
        with transaction.atomic():
            if forget_match(company, finding.sku):
                SkuFinding.objects.filter(pk=finding.pk).delete()
                done += 1
    if not done:
        raise DomainError("None of these was remembered by you.")
    return done


def _keep(company: Company, round_: int, found: list[SkuFinding], mine: QuerySet[SkuCheck]) -> None:
    for one in found:
        one.company, one.round = company, round_
        one.sku, one.other_sku = one.sku[:255], one.other_sku[:255]
    SkuFinding.objects.bulk_create(found, batch_size=500)
    mine.update(lease_until=clock.now() + LEASE)


def _drop(rows: QuerySet[SkuFinding]) -> None:
    """Delete in short transactions, however many there are."""
    while ids := list(rows.values_list("pk", flat=True)[:MOST_DELETED]):
        SkuFinding.objects.filter(pk__in=ids).delete()


def _has_large_sides(company: Company) -> bool:
    return company.is_retailer and visible_to(company).values("pk")[: AT_ONCE + 1].count() > AT_ONCE
