"""Mending a cause where it stands: what a person can decide on the page of the problem, and the doing, for every record that the cause keeps stuck.

Screens of their own mend the other causes (``problem_links``). Everything here calls the same services as the page of an order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from catalog.models import Variant
from channels import problem_groups, replays
from channels.alerts import reviving
from channels.causes import Fix, cause_of
from channels.models import Problem, WebhookEndpoint
from channels.problems import resolve
from orders.data import Actor
from orders.forms import AddressForm
from orders.holds import HOLDS
from orders.models import LineKind, Order, OrderLine, SupplierOrder
from orders.services import cancel_order_before_sending, correct_ship_to, match_line, release_hold
from orders.suggestions import Suggestion, search_goods, suggest
from portal.companies import audit
from portal.companies.permissions import Can
from portal.companies.scope import Scope
from portal.lib.address import Address
from portal.lib.errors import DomainError

# Lines of one cause that are asked about at a time, and orders that one click goes through.
MOST_LINES = 3
MOST_ORDERS = 500


class Here(StrEnum):
    """A way to mend a cause on its own page."""

    MATCH = "match"
    LET_THROUGH = "let-through"
    ADDRESS = "address"
    CANCEL = "cancel"
    SETTLE = "settle"
    RESEND = "resend"


# Nothing of ours is wrong and nothing can be sent: people agree, and say so.
_SETTLED = frozenset(
    {
        "changed_at_store",
        "cancelled_at_supplier",
        "parcel_unknown_lines",
        "over_shipped",
        "nothing_left_to_ship",
        "line_not_in_store",
        "invalid_move",
    }
)
_UNSHIPPABLE = frozenset(
    {"negative_quantity", "zero_quantity", "fractional_quantity", "product_stopped", "no_ship_to", "zero_price"}
)


def ways_for(problem: Problem) -> tuple[Here, ...]:
    """How the cause of ``problem`` can be mended on its page, the likeliest first."""
    code, kind = problem.code, problem.record_type
    table = (
        (Here.MATCH, kind == "order" and cause_of(code).fix == Fix.MATCH),
        (Here.LET_THROUGH, kind == "order" and code in HOLDS and HOLDS[code].may_pass),
        (
            Here.ADDRESS,
            (kind == "order" and code == "no_ship_to") or (kind == "supplierorder" and bool(problem.outbound_id)),
        ),
        (Here.CANCEL, kind == "order" and code in _UNSHIPPABLE),
        (Here.SETTLE, code in _SETTLED),
        (Here.RESEND, cause_of(code).fix == Fix.WEBHOOK and kind == "webhookendpoint"),
    )
    return tuple(way for way, fits in table if fits)


@dataclass(frozen=True, slots=True)
class Question:
    """What is this line? With the best guesses, or what was searched for."""

    line: OrderLine
    goods: list[Suggestion]


def questions_for(problem: Problem, *, find: str = "") -> list[Question]:
    """The different lines that the cause keeps unmatched, at most three, each once however many orders have it."""
    asked: dict[tuple[str, str], OrderLine] = {}
    for line in _unmatched(problem).select_related("order__company").order_by("pk")[:MOST_ORDERS]:
        asked.setdefault((line.sku, line.name), line)
    lines = list(asked.values())[:MOST_LINES]
    return [Question(line, _goods(line, find)) for line in lines]


def _goods(line: OrderLine, find: str) -> list[Suggestion]:
    if find:
        return search_goods(line.order.company, find)
    return suggest(line.order.company, sku=line.sku, name=line.name)


def _unmatched(problem: Problem) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(order_id__in=_record_ids(problem), kind=LineKind.GOODS, variant=None)


def _record_ids(problem: Problem) -> list[int]:
    members = problem_groups.members_of(problem).filter(record_type=problem.record_type)
    return [pk for pk in members.values_list("record_id", flat=True)[:MOST_ORDERS] if pk]


def address_form(problem: Problem, scope: Scope) -> AddressForm:
    """Our copy of the address of the record, to correct."""
    record = _record(problem, scope)
    return AddressForm(initial=Address.from_json(record.ship_to).to_json() if record else {}, prefix=f"to{problem.pk}")


def _record(problem: Problem, scope: Scope) -> Order | SupplierOrder | None:
    model = SupplierOrder if problem.record_type == "supplierorder" else Order
    return scope.rows(model).filter(pk=problem.record_id).first()


def mend(problem: Problem, way: str, data: Mapping[str, str], *, scope: Scope) -> str:
    """Do what a person decided about the cause; the sentence says what came of it. Raises DomainError for what is not offered or not filled in."""
    if way not in ways_for(problem):
        raise DomainError("This problem is not mended in that way. Load the page again.")
    return _MENDERS[Here(way)](problem, data, scope)


def _match(problem: Problem, data: Mapping[str, str], scope: Scope) -> str:
    asked = data.get("line", "")
    line = _unmatched(problem).filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
    if line is None:
        raise DomainError("This line is matched already. Load the page again.")
    own = data.get("own") == "1"
    variant = None if own else _variant(data.get("variant", ""))
    same = [one for one in _unmatched(problem).filter(sku=line.sku, name=line.name).order_by("pk") if one.pk != line.pk]
    match_line(line, variant=variant, own=own, actor=Actor.of(scope))
    for other in same if not line.sku.strip() else ():
        match_line(other, variant=variant, own=own, actor=Actor.of(scope))
    kept = f" We remember it for “{line.sku}”." if line.sku else ""
    return f"Matched.{kept} {_left(problem)}"


def _variant(text: str) -> Variant:
    known = text.isdecimal() and len(text) < 18
    found = Variant.objects.select_related("company", "product").filter(pk=int(text)).first() if known else None
    if found is None:
        raise DomainError("Choose the product that was bought, or say that it is your own.", field="variant")
    return found


def _left(problem: Problem) -> str:
    number = problem_groups.members_of(problem).count()
    return "Everything it held goes on." if not number else f"{number:,} still wait for something else."


def _let_through(problem: Problem, data: Mapping[str, str], scope: Scope) -> str:
    orders = list(_orders(problem, scope))
    for order in orders:
        release_hold(order, actor=Actor.of(scope))
    return f"{_counted(orders)} let through. {_left(problem)}"


def _cancel(problem: Problem, data: Mapping[str, str], scope: Scope) -> str:
    orders = list(_orders(problem, scope))
    for order in orders:
        cancel_order_before_sending(order, actor=Actor.of(scope), reason=problem.sentence[:200])
    return f"{_counted(orders)} cancelled here. Refund the customers in your store."


def _orders(problem: Problem, scope: Scope) -> Iterable[Order]:
    return scope.rows(Order).filter(pk__in=_record_ids(problem)).order_by("pk")


def _counted(rows: list[Order]) -> str:
    return "1 order" if len(rows) == 1 else f"{len(rows):,} orders"


def _correct_address(problem: Problem, data: Mapping[str, str], scope: Scope) -> str:
    record = _record(problem, scope)
    form = AddressForm(data, prefix=f"to{problem.pk}")
    if not form.is_valid() or record is None:
        field, said = next(iter(form.errors.items()), ("", ["This order is not there any more."]))
        label = form.fields[field].label if field else "Address"
        raise DomainError(f"{label}: {said[0]}", field=field)
    correct_ship_to(record, form.address(), actor=Actor.of(scope))
    if isinstance(record, SupplierOrder):
        replays.begin(problem, scope=scope, only=problem.pk)
        return f"The address is corrected and {record.reference} is sent again."
    return f"The address is corrected. {_left(problem)}"


def _settle(problem: Problem, data: Mapping[str, str], scope: Scope) -> str:
    why = " ".join(data.get("words", "").split())[:280] or "Settled between the partners."
    members = problem_groups.members_of(problem)
    number = resolve(pk__in=list(members.values_list("pk", flat=True)), by=scope.user, resolution=why)
    audit.record(
        scope.company,
        "problem.settled",
        target=problem,
        user=scope.user,
        sentence=f"Settled: {problem.sentence}",
        reason=why,
    )
    return "It is settled." if number == 1 else f"{number:,} are settled."


def _resend(problem: Problem, data: Mapping[str, str], scope: Scope) -> str:
    endpoint = scope.rows(WebhookEndpoint).filter(pk=problem.record_id).first()
    if endpoint is None or not scope.can(Can.INTEGRATIONS):
        raise DomainError("Ask an owner, an admin or operations of your company to send these again.")
    number = reviving.revive(endpoint, failing_since=problem.first_seen_at, by=scope.user)
    what = f"{number:,} events are" if number > 1 else "The event is" if number else "A test is"
    return f"{what} sent to {endpoint.name} now. This is over as soon as it takes one."


_MENDERS = {
    Here.MATCH: _match,
    Here.LET_THROUGH: _let_through,
    Here.ADDRESS: _correct_address,
    Here.CANCEL: _cancel,
    Here.SETTLE: _settle,
    Here.RESEND: _resend,
}
