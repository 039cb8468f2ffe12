"""Step: orders of a retailer's store. Polled without a status filter and filtered here; the cursor is the last modification seen minus an overlap."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from django.db import IntegrityError, transaction

from channels.contract import ChannelOrder, Topic
from channels.errors import ChannelError, NotFound, UnexpectedPayload
from channels.meanings import StatusTable
from channels.models import Integration, OrderLink, RunResult
from channels.seen_texts import note_shipping_method
from channels.sync.context import StepContext, parse_time
from channels.sync.known_orders import KnownOrders, noted_modification
from channels.sync.order_data import LineResolver, digest_of, order_data
from channels.sync.order_walk import OrderWalk
from channels.sync.own_goods import resolver_for
from channels.sync.status_changes import learn, look_back
from orders import services as orders
from orders.data import Actor
from portal.companies.models import Installation
from portal.lib import clock
from portal.lib.errors import DomainError

log = logging.getLogger(__name__)


def run(context: StepContext) -> RunResult | None:
    """Pull what changed since the cursor."""
    first = first_window(context.integration)
    look_back(context, first=first)
    _try_unreadable_again(context)
    known = KnownOrders(context.integration)
    walk = OrderWalk(context, partial(context.connector.orders, known=known), first=first)
    for page in walk.pages():
        context.count("unchanged", sum(map(known.has, page)))
        context.count("read", sum(map(known.has, page)))
        if fresh := [order for order in page if not known.has(order)]:
            learn(context, fresh)
            take_orders(context, fresh)
        context.show_progress()
    return None if walk.is_whole else RunResult.PARTIAL


def _try_unreadable_again(context: StepContext) -> None:
    """Orders that could not be read before: the cursor has passed them, so they are asked for one by one."""
    for remote_id in context.reads.open_ids(Topic.ORDER):
        context.beat()
        try:
            order = context.connector.order(remote_id)
        except UnexpectedPayload as error:
            context.reads.unreadable(Topic.ORDER, remote_id, error)
        except NotFound:
            context.reads.good(Topic.ORDER, remote_id)
        else:
            take_orders(context, [order])
            context.reads.good(Topic.ORDER, remote_id)


def first_window(integration: Integration):
    """How far back the first pull looks: what the wizard chose, else the moment of connecting."""
    return parse_time(integration.settings.get("orders_since")) or integration.created_at


def take_orders(context: StepContext, page: Sequence[ChannelOrder]) -> None:
    """Import a page of orders, each in its own transaction; a bad one leaves a Problem and the rest goes on."""
    integration, statuses = context.integration, context.statuses
    page = [statuses.read(order) for order in page]
    known = {
        link.remote_id: link
        for link in OrderLink.objects.filter(integration=integration, remote_id__in=[o.remote_id for o in page])
    }
    wanted = [order for order in page if is_wanted(statuses, order, known.get(order.remote_id))]
    context.count("read", len(page))
    context.count("passed_over", len(page) - len(wanted))
    resolver = resolver_for(integration, context.connector, wanted)
    for order in wanted:
        try:
            context.count(take_order(integration, order, resolver, known.get(order.remote_id)))
        except DomainError as error:
            context.refuse(
                ChannelError(error.sentence, code=error.code),
                record_name=f"Order {order.number}",
                cause_key=f"{error.code}:{integration.pk}:{order.remote_id}",
            )


def is_wanted(statuses: StatusTable, order: ChannelOrder, link: OrderLink | None) -> bool:
    """Whether an order is ours to take: known already, or in a status to take over and not one that we created ourselves."""
    if link is not None:
        return True
    if order.reference.startswith(f"TL{Installation.current_tag()}-"):
        return False
    return statuses.takes(order)


def take_order(integration: Integration, order: ChannelOrder, resolver: LineResolver, link: OrderLink | None) -> str:
    """Import one order once; "created", "updated" or "unchanged". Safe when two workers take the same order."""
    digest = digest_of(order)
    if link is not None and link.digest == digest:
        if link.remote_modified_at != order.modified_at:
            OrderLink.objects.filter(pk=link.pk).update(remote_modified_at=noted_modification(order))
        return "unchanged"
    try:
        return _import(integration, order, resolver, digest)
    except IntegrityError:
        log.info("order was taken by another worker", extra={"data": {"integration": integration.pk}})
        return _import(integration, order, resolver, digest)


@transaction.atomic
def _import(integration: Integration, order: ChannelOrder, resolver: LineResolver, digest: str) -> str:
    imported = orders.import_order(
        integration.company,
        order_data(order, resolver),
        source_key=integration.source_key,
        source_name=integration.name,
        actor=Actor(kind="store", name=integration.name),
        is_sandbox=integration.is_sandbox,
    )
    OrderLink.objects.update_or_create(
        integration=integration,
        remote_id=order.remote_id,
        defaults={
            "order": imported.order,
            "number": order.number[:60],
            "digest": digest,
            "remote_modified_at": noted_modification(order),
        },
    )
    if imported.created:
        note_shipping_method(integration, order.shipping_method)
        Integration.objects.filter(pk=integration.pk).update(last_order_at=clock.now())
    return "created" if imported.created else "updated" if imported.changed else "unchanged"
