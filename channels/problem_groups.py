"""Open problems grouped by cause: a sentence, how many, since when, who acts, what is stuck. A bounded number of queries, however many rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from channels.causes import CAUSES, Cause, Owner, cause_of
from channels.models import Problem
from channels.problem_care import same_cause
from portal.companies.models import Company, User
from portal.lib import clock
from portal.lib.money import display

PAGE = 50
Key = tuple[int, str, str]
# Who must act, as staff read it.
OWNERS = {
    Owner.SUPPLIER: "The supplier",
    Owner.RETAILER: "The retailer",
    Owner.INTEGRATION: "The company",
    Owner.STAFF: "We",
    Owner.NOBODY: "Nobody: it mends itself",
}
# What one problem is about, in the plural, by the record that it names.
_NOUNS = {
    "order": ("order", "orders"),
    "supplierorder": ("order", "orders"),
    "shipment": ("parcel", "parcels"),
    "product": ("product", "products"),
    "integration": ("connection", "connections"),
    "variant": ("product", "products"),
    "partnership": ("partner", "partners"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """What one cause keeps stuck. ``newest`` is the problem seen last; its id addresses the group."""

    newest: Problem
    count: int
    first_seen_at: datetime
    last_seen_at: datetime
    worth: str
    who: str

    @property
    def spans_time(self) -> bool:
        """Whether first and last seen are told apart on screen."""
        return self.last_seen_at - self.first_seen_at >= timedelta(minutes=1)

    @property
    def snoozed_until(self) -> datetime | None:
        """Until when it is put off; None while it is not."""
        until = self.newest.snoozed_until
        return until if until and until > clock.now() else None

    @property
    def cause(self) -> Cause:
        return cause_of(self.newest.code)

    @property
    def title(self) -> str:
        """ "6 orders: a SKU is not among the listings", or the one problem's own sentence."""
        if self.count == 1:
            return self.newest.sentence
        _, many = _NOUNS.get(self.newest.record_type, ("", ""))
        title = self.cause.title
        said = f"{title[:1].lower()}{title[1:]}" if title[1:2].islower() or title[1:2] == " " else title
        return f"{self.count:,} {many}: {said}" if many else f"{self.count:,} × {title}"

    @property
    def detail(self) -> str:
        """The words of the newest one where the title is about all of them."""
        return self.newest.sentence if self.count > 1 else ""


@dataclass(frozen=True, slots=True)
class Page:
    """Groups of one page, the last seen first, and where the older ones begin ("" on the last page)."""

    groups: tuple[Group, ...]
    older: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """What is stuck in three figures; ``worth`` per currency."""

    causes: int
    problems: int
    worth: str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a person looks for among the open causes: words, their own, one connection's, one owner's ("you", "partner", "us", "nobody")."""

    text: str = ""
    mine: bool = False
    integration: int | None = None
    who: str = ""

    @property
    def is_any(self) -> bool:
        return bool(self.text or self.mine or self.integration or self.who)


def open_problems(
    company: Company, *, narrowed: Narrowed | None = None, user: User | None = None, snoozed: bool = False
) -> QuerySet[Problem]:
    """The open problems of ``company`` that nobody put off, or with ``snoozed`` those that somebody did; ``mine`` are those of ``user``."""
    rows = Problem.objects.for_company(company)
    rows = rows.snoozed() if snoozed else rows.awake()
    asked = narrowed or Narrowed()
    if asked.text:
        rows = rows.filter(Q(sentence__icontains=asked.text) | Q(record_name__icontains=asked.text))
    if asked.mine:
        rows = rows.filter(assigned_to=user)
    if asked.integration:
        rows = rows.filter(integration_id=asked.integration)
    return rows.filter(_acted_on_by(asked.who, company)) if asked.who else rows


def _acted_on_by(who: str, company: Company) -> Q:
    """Problems whose cause says that ``who`` must act, as ``who_acts`` says it of each."""
    codes: dict[Owner, list[str]] = defaultdict(list)
    for cause in CAUSES.values():
        codes[cause.owner].append(cause.code)
    ours, theirs = Q(code__in=codes[Owner.INTEGRATION]), Q(pk__in=[])
    sides = ((Owner.SUPPLIER, company.is_supplier), (Owner.RETAILER, company.is_retailer))
    for side, is_it in sides:
        is_order = Q(record_type="order")
        mine = (is_order if side == Owner.RETAILER else Q(pk__in=[])) | (~is_order if is_it else Q(pk__in=[]))
        ours |= Q(code__in=codes[side]) & mine
        theirs |= Q(code__in=codes[side]) & ~mine
    table = {
        "you": ours,
        "partner": theirs,
        "us": ~Q(code__in=[code for owner in Owner if owner != Owner.STAFF for code in codes[owner]]),
        "nobody": Q(code__in=codes[Owner.NOBODY]),
    }
    return table.get(who, Q())


def read_groups(rows: QuerySet[Problem], company: Company | None, *, before: str = "", size: int = PAGE) -> Page:
    """A page of groups of ``rows``, as ``company`` reads them or, with None, as staff do: then of every company, each cause once a company.

    ``before`` is a page's ``older``; one that cannot be read is the first page. A bounded number of queries.
    """
    found = (
        rows.order_by()
        .values("company_id", "cause_key", "code")
        .annotate(number=Count("pk"), first=Min("first_seen_at"), last=Max("last_seen_at"), newest=Max("pk"))
    )
    keys = list(_older_than(found, before).order_by("-last", "-newest")[: size + 1])
    shown = keys[:size]
    newest = Problem.objects.select_related("company", "integration", "outbound", "assigned_to", "staff_assigned_to")
    problems = newest.in_bulk([key["newest"] for key in shown])
    worths = worths_of(rows.filter(cause_key__in=[key["cause_key"] for key in shown]))
    groups = tuple(_group(key, problems[key["newest"]], worths, company) for key in shown)
    older = f"{shown[-1]['last'].isoformat()}|{shown[-1]['newest']}" if len(keys) > size else ""
    return Page(groups, older)


def _older_than(found: QuerySet, before: str) -> QuerySet:
    moment, _, key = before.partition("|")
    try:
        at, pk = datetime.fromisoformat(moment), int(key)
    except ValueError:
        return found
    return found.filter(Q(last__lt=at) | Q(last=at, newest__lt=pk)) if at.tzinfo else found


def _group(key: dict[str, Any], newest: Problem, worths: dict[Key, str], company: Company | None) -> Group:
    worth = worths.get((key["company_id"], key["cause_key"], key["code"]), "")
    who = who_acts(newest, company) if company else OWNERS[cause_of(newest.code).owner]
    return Group(newest, key["number"], key["first"], key["last"], worth, who)


def group_of(problem: Problem, company: Company) -> Group:
    """The open group that ``problem`` belongs to."""
    rows = members_of(problem)
    facts = rows.aggregate(number=Count("pk"), first=Min("first_seen_at"), last=Max("last_seen_at"))
    worth = worths_of(rows).get((problem.company_id, problem.cause_key, problem.code), "")
    return Group(problem, facts["number"], facts["first"], facts["last"], worth, who_acts(problem, company))


def members_of(problem: Problem) -> QuerySet[Problem]:
    """The open problems of the same company and cause, the last seen first."""
    rows = same_cause(problem)
    return rows.select_related("integration", "outbound__integration").order_by("-last_seen_at", "-pk")


def worths_of(rows: QuerySet[Problem]) -> dict[Key, str]:
    """(company id, cause key, code) → "£284.10 and €12.00"; currencies are never added up. One query."""
    sums = rows.order_by().values("company_id", "cause_key", "code", "currency").annotate(worth=Sum("value"))
    parts: dict[Key, list[str]] = defaultdict(list)
    for row in sums.order_by("currency"):
        if row["worth"] and row["currency"]:
            parts[row["company_id"], row["cause_key"], row["code"]].append(display(row["worth"], row["currency"]))
    return {key: " and ".join(amounts) for key, amounts in parts.items()}


def stuck_of(rows: QuerySet[Problem]) -> Stuck:
    """How many causes and problems there are, and what they keep stuck. An order that two causes hold counts once for each."""
    facts = rows.aggregate(causes=Count("cause_key", distinct=True), problems=Count("pk"))
    sums = rows.order_by().values("currency").annotate(worth=Sum("value")).order_by("currency")
    return Stuck(facts["causes"], facts["problems"], _said((row["currency"], row["worth"]) for row in sums))


def _said(amounts: Iterable[tuple[str, Decimal | None]]) -> str:
    return " and ".join(display(amount, currency) for currency, amount in amounts if currency and amount)


def who_acts(problem: Problem, company: Company) -> str:
    """Who must act, as ``company`` reads it: you, your supplier, your retailer, we, or nobody."""
    owner = cause_of(problem.code).owner
    if owner in {Owner.SUPPLIER, Owner.RETAILER}:
        return "You" if owner in _sides_of(problem, company) else f"Your {owner}"
    return {Owner.INTEGRATION: "You", Owner.STAFF: "We", Owner.NOBODY: "Nobody: it mends itself"}[owner]


def _sides_of(problem: Problem, company: Company) -> Sequence[Owner]:
    """On which side of this problem ``company`` stands: of an order it holds it is the retailer, of its own goods the supplier."""
    if problem.record_type == "order":
        return (Owner.RETAILER,)
    sides = ((Owner.SUPPLIER, company.is_supplier), (Owner.RETAILER, company.is_retailer))
    return [side for side, is_it in sides if is_it]
