"""What a store's order statuses mean to us: read from the store, chosen by people, in force in both directions, missed when they are gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from channels import mapping, statuses
from channels.contract import RemoteOrderState, Topic
from channels.meanings import Meaning
from channels.models import Integration, Problem, StepState, ValueMap
from channels.session import open_connector
from channels.sync.one_record import fetch
from channels.tests.trading import Trade, listed, make_due
from channels.tests.wizard import words
from channels.tests.world import World, run
from orders.models import Order, OrderState
from portal.companies.models import AuditEvent
from portal.lib import clock

pytestmark = pytest.mark.django_db
# Shift4Shop's numbers: 1 New, 4 Shipped, 7 Not Completed, 8 and 9 the merchant's own.
READY, DISPATCHED = "8", "9"


@pytest.fixture
def trade(world: World) -> Trade:
    """A Shift4Shop retailer whose people named two statuses of their own, and a BigCommerce supplier."""
    trade = listed(world, supplier_kind="bigcommerce")
    name_statuses(trade)
    run(trade.sells, "pull_orders")
    read(trade.sells)
    return trade


def name_statuses(trade: Trade, *, hidden: tuple[str, ...] = ()) -> None:
    """What the merchant does under Settings › Order status."""
    labels = {READY: "Ready to send", DISPATCHED: "Dispatched"}
    trade.retailer_store.call(
        "PUT",
        f"/stores/{trade.retailer_store.store}/statuses",
        {"labels": labels, "hidden": [int(number) for number in hidden]},
    )


def read(integration: Integration) -> None:
    statuses.read_statuses(integration, open_connector(integration))


def row(integration: Integration, theirs: str) -> ValueMap:
    return ValueMap.objects.get(integration=integration, area="status", theirs=theirs)


def choose(
    integration: Integration, *, written: dict[str, str] | None = None, **meanings: Meaning
) -> AuditEvent | None:
    """``s8=Meaning.IMPORT``: what people choose on the page."""
    chosen = {row(integration, name[1:]).pk: meaning for name, meaning in meanings.items()}
    event = mapping.choose(integration, chosen, written or {}, by=None)
    integration.refresh_from_db()
    return event


def set_status(trade: Trade, order_id: str, status: str) -> None:
    trade.retailer_store.call(
        "POST", f"/stores/{trade.retailer_store.store}/orders/{order_id}/status", {"status": int(status)}
    )


# --- reading --------------------------------------------------------------------------------------------------------------


@pytest.mark.row("S3-22")
@pytest.mark.parametrize("side", ["sells", "supplies"])
def test_the_statuses_are_the_stores_own(trade, side):
    integration = getattr(trade, side)
    read(integration)
    told = {status.remote_id: status.label for status in open_connector(integration).order_statuses()}
    assert {known.theirs: known.label for known in statuses.known_statuses(integration)} == told


def test_reading_twice_keeps_one_row_a_status_and_what_was_chosen(trade):
    choose(trade.sells, s8=Meaning.IMPORT)
    read(trade.sells)
    read(trade.sells)
    assert ValueMap.objects.filter(integration=trade.sells, area="status", theirs=READY).count() == 1
    assert row(trade.sells, READY).ours == Meaning.IMPORT


def test_a_new_name_in_the_store_is_the_name_here(trade):
    trade.retailer_store.call("PUT", f"/stores/{trade.retailer_store.store}/statuses", {"labels": {READY: "Pack me"}})
    run(trade.sells, "check_credentials")
    assert row(trade.sells, READY).label.startswith("Pack me")


def test_orders_in_a_status_that_we_never_read_make_us_read(trade):
    ValueMap.objects.all().delete()
    trade.buy()
    run(trade.sells, "pull_orders")
    assert row(trade.sells, READY).label.startswith("Ready to send")


# --- choosing -------------------------------------------------------------------------------------------------------------


@pytest.mark.row("S3-21")
def test_an_order_in_a_status_of_ones_own_waits_until_it_is_chosen(trade):
    order_id = trade.buy(status=int(READY))
    run(trade.sells, "pull_orders")
    assert Order.objects.count() == 0
    choose(trade.sells, s8=Meaning.IMPORT)
    run(trade.sells, "pull_orders")
    assert Order.objects.get().source_id == order_id


def test_several_statuses_can_be_taken_over(trade):
    choose(trade.sells, s8=Meaning.IMPORT)
    trade.buy()
    trade.buy(status=int(READY))
    run(trade.sells, "pull_orders")
    assert Order.objects.count() == 2


def test_looking_back_takes_nothing_twice(trade):
    trade.buy()
    run(trade.sells, "pull_orders")
    choose(trade.sells, s8=Meaning.IMPORT)
    run(trade.sells, "pull_orders")
    run(trade.sells, "pull_orders")
    assert Order.objects.count() == 1
    assert StepState.objects.get(integration=trade.sells, step="pull_orders").cursor["statuses"] == [
        "import:8",
        "import:new",
    ]


def test_a_status_that_means_cancelled_cancels_what_was_not_sent(trade):
    order_id = trade.buy()
    run(trade.sells, "pull_orders")
    choose(trade.sells, s9=Meaning.CANCELLED)
    set_status(trade, order_id, DISPATCHED)
    run(trade.sells, "pull_orders")
    assert Order.objects.get().state == OrderState.CANCELLED


def test_orders_that_are_in_a_status_already_are_cancelled_when_it_comes_to_mean_that(trade):
    order_id = trade.buy()
    run(trade.sells, "pull_orders")
    set_status(trade, order_id, DISPATCHED)
    run(trade.sells, "pull_orders")
    assert Order.objects.get().state != OrderState.CANCELLED
    choose(trade.sells, s9=Meaning.CANCELLED)
    run(trade.sells, "pull_orders")
    assert Order.objects.get().state == OrderState.CANCELLED


def test_a_cart_that_was_never_ordered_is_never_taken_over_whatever_is_chosen(trade):
    choose(trade.sells, s7=Meaning.IMPORT)
    assert row(trade.sells, "7").ours == ""


@pytest.mark.row("S3-23")
def test_leaving_and_coming_back_to_a_chosen_status_imports_once(trade):
    choose(trade.sells, s8=Meaning.IMPORT)
    order_id = trade.buy(status=int(READY))
    for status in ("6", READY, "6", READY):
        run(trade.sells, "pull_orders")
        set_status(trade, order_id, status)
    run(trade.sells, "pull_orders")
    assert Order.objects.count() == 1


@pytest.mark.row("S3-21")
def test_the_chosen_status_is_set_when_everything_is_shipped(trade):
    choose(trade.sells, written={"shipped_status": DISPATCHED})
    trade.buy()
    trade.to_supplier()
    trade.ship_everything()
    trade.tracking_back()
    (order,) = trade.retailer_store.orders()
    assert str(order["status"]) == DISPATCHED
    make_due(trade.sells)
    run(trade.sells, "pull_orders", "push_shipments")
    assert str(trade.retailer_store.orders()[0]["status"]) == DISPATCHED


def test_the_chosen_status_is_set_while_a_part_is_shipped(trade):
    choose(trade.sells, written={"partly_shipped_status": READY})
    trade.buy({"sku": "LAN-1", "quantity": 1, "price": "12.50"}, {"sku": "TEA-1", "quantity": 1, "price": "30.00"})
    trade.to_supplier()
    (made,) = trade.made()
    trade.supplier_store.ship(made["id"], tracking="TRK1", lines=[{"line_id": made["lines"][0]["id"], "quantity": 1}])
    trade.tracking_back()
    assert str(trade.retailer_store.orders()[0]["status"]) == READY


def test_bigcommerce_completes_orders_where_that_is_chosen(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    read(trade.sells)
    choose(trade.sells, written={"shipped_status": "10"})
    trade.buy()
    trade.to_supplier()
    trade.ship_everything()
    trade.tracking_back()
    assert str(trade.retailer_store.orders()[0]["status"]) == "10"


# --- gone -----------------------------------------------------------------------------------------------------------------


def gone(integration: Integration) -> list[Problem]:
    return list(Problem.objects.filter(integration=integration, code="status_gone", state="open"))


@pytest.mark.row("S3-22")
def test_a_chosen_status_that_was_deleted_in_the_store_is_a_problem_once(trade):
    choose(trade.sells, s8=Meaning.IMPORT)
    name_statuses(trade, hidden=(READY,))
    run(trade.sells, "check_credentials")
    run(trade.sells, "check_credentials")
    (problem,) = gone(trade.sells)
    assert "“Ready to send" in problem.sentence
    assert "new orders are taken from" in problem.sentence
    assert problem.company == trade.retailer


@pytest.mark.row("S3-22")
def test_the_status_chosen_in_the_wizard_is_missed_too(trade):
    Integration.objects.filter(pk=trade.sells.pk).update(settings={**trade.sells.settings, "import_status": READY})
    trade.sells.refresh_from_db()
    name_statuses(trade, hidden=(READY,))
    run(trade.sells, "check_credentials")
    assert len(gone(trade.sells)) == 1


def test_a_status_nobody_relied_on_may_go(trade):
    name_statuses(trade, hidden=(READY, DISPATCHED))
    run(trade.sells, "check_credentials")
    assert gone(trade.sells) == []


@pytest.mark.parametrize("way", ["back", "otherwise"])
def test_the_problem_closes_when_the_status_is_back_or_another_is_chosen(trade, way):
    choose(trade.sells, s8=Meaning.IMPORT)
    name_statuses(trade, hidden=(READY,))
    run(trade.sells, "check_credentials")
    if way == "back":
        name_statuses(trade)
        run(trade.sells, "check_credentials")
    else:
        choose(trade.sells, s8=Meaning.WAIT)
    assert gone(trade.sells) == []


def test_an_empty_list_is_taken_for_an_error_at_their_end(trade):
    choose(trade.sells, s8=Meaning.IMPORT)
    name_statuses(trade, hidden=tuple(str(number) for number in range(1, 20)))
    run(trade.sells, "check_credentials")
    assert gone(trade.sells) == []
    assert row(trade.sells, READY).gone_at is None


def unknown(integration: Integration) -> list[Problem]:
    return list(Problem.objects.filter(integration=integration, code="status_unknown", state="open"))


def an_hour_passes() -> None:
    """The statuses were read long ago."""
    ValueMap.objects.update(read_at=clock.now() - timedelta(hours=1))


def test_the_pull_notices_that_a_chosen_status_was_deleted_without_waiting_for_the_night(trade):
    choose(trade.sells, s8=Meaning.IMPORT)
    trade.buy()
    name_statuses(trade, hidden=(READY,))
    an_hour_passes()
    run(trade.sells, "pull_orders")
    assert len(gone(trade.sells)) == 1


@pytest.mark.parametrize("way", ["pull", "webhook"])
def test_an_order_in_a_status_that_the_store_does_not_list_is_a_problem_at_once_and_choosing_mends_it(trade, way):
    order = trade.buy(status=int(READY))
    name_statuses(trade, hidden=(READY,))
    ValueMap.objects.filter(theirs=READY).delete()

    def arrive() -> None:
        if way == "pull":
            run(trade.sells, "pull_orders")
        else:
            fetch(trade.sells, open_connector(trade.sells), Topic.ORDER, order)

    arrive()
    arrive()
    (problem,) = unknown(trade.sells)
    assert problem.company == trade.retailer
    assert "Such orders wait until you choose what it means." in problem.sentence
    assert not Order.objects.exists()
    choose(trade.sells, s8=Meaning.IMPORT)
    assert (unknown(trade.sells), gone(trade.sells)) == ([], [])
    run(trade.sells, "pull_orders")
    assert Order.objects.get().source_id == order


def test_many_orders_in_unknown_statuses_do_not_make_us_ask_for_each(trade, monkeypatch, settings):
    settings.TIME_SCALE = 1.0
    asked = []
    connector = open_connector(trade.sells)
    monkeypatch.setattr(connector, "order_statuses", lambda: asked.append(1) or [])
    order = connector.order(trade.buy())
    for _ in range(20):
        statuses.meet(trade.sells, connector, [replace(order, status="77", state=RemoteOrderState.UNKNOWN)])
    assert len(asked) == 1
    assert unknown(trade.sells)[0].times_seen == 20


# --- the page -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(login, trade) -> Client:
    return login(trade.retailer)


def address(trade: Trade, part: str = "", *more: int) -> str:
    return reverse(f"integration-mapping{part}", args=[trade.sells.pk, *more])


def posted(client: Client, trade: Trade, **chosen: str) -> dict[str, str]:
    """The page's form as a browser sends it, with ``s8="import"`` chosen."""
    form = client.get(address(trade)).context["form"]
    values = {bound.html_name: bound.value() for bound in form}
    for name, value in chosen.items():
        key = f"meaning-{row(trade.sells, name[1:]).pk}" if name[0] == "s" and name[1:].isdigit() else f"written-{name}"
        values[key] = value
    return values


def test_the_page_shows_every_status_under_its_own_name_with_what_we_do(client, trade):
    text = words(client.get(address(trade)).content)
    assert "Ready to send (Custom 1)" in text
    assert "the customer did not finish it" in text
    assert "Take the order over (usual)" in text


def test_the_page_reads_the_store_where_nothing_was_read_yet(client, trade):
    ValueMap.objects.all().delete()
    assert "Ready to send" in words(client.get(address(trade)).content)


def test_a_store_that_is_down_is_told_and_nothing_breaks(client, trade):
    ValueMap.objects.all().delete()
    trade.retailer_store.down("503")
    text = words(client.get(address(trade)).content)
    assert "The store could not be asked for its statuses." in text
    assert "No statuses were read yet" in text


def test_saving_is_audited_and_undone_by_one_click(client, trade):
    answer = client.post(address(trade, "-save"), posted(client, trade, s8="import"), follow=True)
    event = AuditEvent.objects.get(action="integration.mapped")
    assert "Ready to send (Custom 1) → take the order over" in event.sentence
    assert f'action="{address(trade, "-undo", event.pk)}"' in answer.content.decode()
    assert row(trade.sells, READY).ours == "import"
    client.post(address(trade, "-undo", event.pk))
    assert row(trade.sells, READY).ours == ""
    client.post(address(trade, "-undo", event.pk))
    assert row(trade.sells, READY).ours == ""


def test_undoing_is_refused_when_somebody_changed_it_since(client, trade):
    client.post(address(trade, "-save"), posted(client, trade, s8="import"))
    event = AuditEvent.objects.get(action="integration.mapped")
    client.post(address(trade, "-save"), posted(client, trade, s9="cancelled"))
    answer = client.post(address(trade, "-undo", event.pk), follow=True)
    assert "changed again since" in words(answer.content)
    assert row(trade.sells, READY).ours == "import"


def test_saving_the_page_as_it_stands_changes_nothing(client, trade):
    answer = client.post(address(trade, "-save"), posted(client, trade), follow=True)
    assert "Nothing was changed." in words(answer.content)
    assert not ValueMap.objects.filter(area="status").exclude(ours="").exists()


def test_taking_nothing_over_is_refused_with_the_reason(client, trade):
    answer = client.post(address(trade, "-save"), posted(client, trade, s1="wait"))
    assert "No status would be taken over" in words(answer.content)
    assert row(trade.sells, "1").ours == ""


def test_a_meaning_that_does_not_exist_is_refused_at_its_field(client, trade):
    answer = client.post(address(trade, "-save"), posted(client, trade, s8="burn"))
    assert "Choose one of the menu." in words(answer.content)


def test_a_viewer_sees_what_is_chosen_and_may_not_save(trade, login):
    viewer = login(trade.retailer, "viewer")
    page = viewer.get(address(trade)).content.decode()
    assert "Ready to send" in page
    assert "<select" not in page
    assert viewer.post(address(trade, "-save"), {}).status_code == 403


def test_the_page_takes_a_bounded_number_of_queries(client, trade, django_assert_max_num_queries):
    with django_assert_max_num_queries(25):
        client.get(address(trade))


# --- shipping methods -----------------------------------------------------------------------------------------------------


def test_shipping_methods_are_counted_whatever_their_spaces_and_capitals(client, trade):
    for text in ("Royal Mail 48", "  ROYAL   MAIL 48 ", "Courier"):
        trade.buy(shipping_method=text)
    run(trade.sells, "pull_orders")
    run(trade.sells, "pull_orders")
    rows = ValueMap.objects.filter(integration=trade.sells, area="shipping_method")
    assert {seen.theirs: seen.seen for seen in rows} == {"royal mail 48": 2, "courier": 1}
    assert "Courier 1" in words(client.get(address(trade)).content)
