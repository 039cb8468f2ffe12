"""Orders through the vendor's API: creating, changing, shipping."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import requests

from channels.connectors.shift4shop.simulator.tests.conftest import Sim


def _order(sim: Sim, order_id: int = 1001) -> dict[str, Any]:
    return sim.get(f"/Orders/{order_id}").json()[0]


@pytest.fixture
def seller(stocked: Sim) -> Sim:
    """A shop with goods and one customer account (81)."""
    assert stocked.add_customer() == 81
    return stocked


@pytest.fixture
def ordered(stocked: Sim) -> Sim:
    """A shop where a customer ordered two red tents and a mug: order 1001."""
    lines = [{"sku": "TENT-RED", "quantity": 2}, {"sku": "MUG", "quantity": 1}]
    customer = {"first_name": "Ada", "last_name": "Moss", "country": "GB", "email": "ada@example.com"}
    stocked.at_store("POST", "/orders", {"lines": lines, "customer": customer, "shipping_cost": "4.95"})
    return stocked


def test_amounts_add_up_on_every_order(stocked: Sim) -> None:
    stocked.switch(bucket_size=1000)
    goods = [("TENT-RED", 3), ("TENT-BLUE", 1), ("MUG", 7), ("MUG", -1)]
    basket = [{"sku": sku, "quantity": quantity} for sku, quantity in goods]
    prices: list[str | None] = [None, "0", "0.10", "33.33"]
    for price in prices:
        lines = [line | ({} if price is None else {"price": price}) for line in basket]
        stocked.at_store("POST", "/orders", {"lines": lines, "shipping_cost": "4.95"})
    for order in stocked.get("/Orders?limit=300").json():
        total = sum(Decimal(str(i["ItemQuantity"])) * Decimal(str(i["ItemUnitPrice"])) for i in order["OrderItemList"])
        total += sum(Decimal(str(shipment["ShipmentCost"])) for shipment in order["ShipmentList"])
        total += sum(Decimal(str(order[tax])) for tax in ("SalesTax", "SalesTax2", "SalesTax3"))
        assert total - Decimal(str(order["OrderDiscount"])) == Decimal(str(order["OrderAmount"]))


def test_a_line_of_a_variant_names_its_sku_and_its_options(ordered: Sim) -> None:
    red, mug = _order(ordered)["OrderItemList"]
    code = ordered.get("/Products/1/AdvancedOptions").json()[0]["AdvancedOptionCode"]
    assert (red["CatalogID"], red["ItemID"], red["ItemOptions"]) == (1, "TENT-RED", f",{code}")
    assert red["ItemDescription"] == "Alpine tent<br><b>Colour:</b>&nbsp;Red"
    assert (mug["ItemID"], mug["ItemOptions"]) == ("MUG", "")


def test_the_only_shipment_has_the_id_0_unless_the_switch_says_otherwise(ordered: Sim) -> None:
    order = _order(ordered)
    assert [row["ShipmentID"] for row in order["ShipmentList"]] == [0]
    assert {line["ItemShipmentID"] for line in order["OrderItemList"]} == {0}
    ordered.switch(single_shipment_id="real")
    ordered.at_store("POST", "/orders", {"lines": [{"sku": "MUG", "quantity": 1}]})
    assert _order(ordered, 1002)["ShipmentList"][0]["ShipmentID"] > 0


def test_an_app_creates_an_order_and_finds_it_by_its_invoice(seller: Sim) -> None:
    body = seller.order_body(CustomerID=81, InvoiceNumberPrefix="TL7-", InvoiceNumber=42, AlternateOrderID="PO-1")
    response = seller.post("/Orders?bypassorderemail=1", body)
    assert response.status_code == 201
    assert response.json() == [{"Key": "OrderID", "Value": "1001", "Status": "201", "Message": "Created successfully"}]
    order = seller.get("/Orders?invoiceprefix=TL7-&invoicenumber=42").json()[0]
    assert (order["OrderID"], order["UserID"], order["AlternateOrderID"]) == (1001, "API", "PO-1")
    assert order["OrderDate"] == "2026-06-14T13:00:00"
    assert order["OrderItemList"][0]["ItemUnitPrice"] == 100
    assert order["OrderItemList"][0]["ItemOptions"] != ""
    assert seller.at_store("GET", "/orders")[0]["reference"] == "TL7-42"


def test_without_a_number_the_shop_gives_the_next(seller: Sim) -> None:
    for _ in range(2):
        seller.post("/Orders", seller.order_body(CustomerID=81))
    assert [row["number"] for row in seller.at_store("GET", "/orders")] == ["1001", "1002"]


def test_an_order_takes_stock_of_the_variant_only(seller: Sim) -> None:
    seller.post("/Orders", seller.order_body(CustomerID=81))
    tent = seller.at_store("GET", "/products")[0]
    assert (tent["stock"], [row["stock"] for row in tent["variants"]]) == (40, [16, 5])


def test_the_two_bypasses_leave_stock_and_customer_alone(seller: Sim) -> None:
    seller.post("/Orders?bypassorderprocessing=1&bypassorderemail=1", seller.order_body(CustomerID=81))
    assert seller.at_store("GET", "/products")[0]["variants"][0]["stock"] == 17
    assert seller.at_store("GET", "/mails") == []
    seller.post("/Orders", seller.order_body(CustomerID=81))
    assert len(seller.at_store("GET", "/mails")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"CustomerID": 999},
        {"BillingPaymentMethodID": ""},
        {"BillingPaymentMethodID": "777"},
        {"OrderItemList": []},
        {"OrderItemList": [{"ItemID": "TENT-RED", "ItemQuantity": 1}]},
        {"OrderItemList": [{"CatalogID": 999, "ItemQuantity": 1}]},
        {"OrderStatusID": 99},
        {"OrderDate": "soon"},
        {"ExternalComments": "x" * 51},
    ],
)
def test_an_order_with_a_missing_or_wrong_part_is_refused_and_leaves_nothing(
    seller: Sim, wrong: dict[str, Any]
) -> None:
    response = seller.post("/Orders", seller.order_body(CustomerID=81) | wrong)
    assert response.status_code == 400
    assert response.json()[0]["Key"] == "OrderID"
    assert seller.at_store("GET", "/orders") == []


def test_a_wrong_sum_or_a_used_invoice_is_taken_unless_the_switch_says_so(seller: Sim) -> None:
    body = seller.order_body(CustomerID=81, InvoiceNumberPrefix="TL7-", InvoiceNumber=42, OrderAmount=1)
    assert [seller.post("/Orders", body).status_code for _ in range(2)] == [201, 201]
    seller.switch(duplicate_invoice="refuse")
    assert seller.post("/Orders", body).json()[0]["Message"] == "InvoiceNumber already exists"
    seller.switch(duplicate_invoice="accept", order_amount_mismatch="refuse")
    assert seller.post("/Orders", body).json()[0]["Message"] == "OrderAmount does not match"
    assert seller.post("/Orders", body | {"OrderAmount": 105}).status_code == 201


def test_an_order_exists_although_the_caller_got_no_answer(seller: Sim) -> None:
    seller.door("POST", "/faults", {"name": "cut_after", "method": "POST", "path": "(?i)/orders"})
    body = seller.order_body(CustomerID=81, InvoiceNumberPrefix="TL7-", InvoiceNumber=42)
    with pytest.raises(requests.ConnectionError):
        seller.post("/Orders", body)
    assert seller.get("/Orders?countonly=1&invoiceprefix=TL7-&invoicenumber=42").json() == {"TotalCount": 1}


def test_a_put_changes_what_was_sent_and_the_last_update(ordered: Sim) -> None:
    before = _order(ordered)
    ordered.clock.forward(minutes=3)
    ordered.put("/Orders", [{"OrderID": "1001", "InternalComments": "packed"}])
    after = _order(ordered)
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"InternalComments", "LastUpdate", "UserID", "ShipmentList"}
    assert after["ShipmentList"][0]["ShipmentLastUpdate"] == after["LastUpdate"] == "2026-06-14T13:03:00"


def test_nothing_leads_out_of_cancel(ordered: Sim) -> None:
    assert ordered.put("/Orders/1001", {"OrderStatusID": 5}).status_code == 200
    refused = ordered.put("/Orders/1001", {"OrderStatusID": 2})
    message = "Not updated. Requested Change Status not allowed"
    assert refused.status_code == 400
    assert refused.json() == [{"Key": "OrderID", "Value": "1001", "Status": "400", "Message": message}]
    ordered.switch(refused_move_status=200)
    assert ordered.put("/Orders/1001", {"OrderStatusID": 2}).status_code == 200
    assert _order(ordered)["OrderStatusID"] == 5


def test_a_put_of_many_orders_names_those_that_failed(ordered: Sim) -> None:
    response = ordered.put("/Orders", [{"OrderID": 1001, "OrderStatusID": 2}, {"OrderID": 7, "OrderStatusID": 2}])
    assert response.status_code == 206
    assert [row["Status"] for row in response.json()] == ["200", "404"]


def test_status_and_tracking_are_written_through_shipment_0(ordered: Sim) -> None:
    body = {"ShipmentOrderStatus": 4, "ShipmentTrackingCode": "RM1", "ShipmentMethodName": "Royal Mail"}
    response = ordered.put("/Orders/1001/Shipments/0", body)
    assert response.json()[0]["Value"] == "0"
    order = _order(ordered)
    assert (order["OrderStatusID"], order["ShipmentList"][0]["ShipmentTrackingCode"]) == (4, "RM1")
    books = ordered.at_store("GET", "/orders")[0]
    assert [line["shipped"] for line in books["lines"]] == [2, 1]
    assert [(row["tracking"], row["carrier"]) for row in books["shipments"]] == [("RM1", "Royal Mail")]


def test_a_tracking_code_longer_than_its_field_is_refused(ordered: Sim) -> None:
    body = {"ShipmentTrackingCode": "x" * 101}
    assert ordered.put("/Orders/1001/Shipments/0", body).status_code == 400
    ordered.switch(overlong_text="truncate")
    ordered.put("/Orders/1001/Shipments/0", body)
    assert len(_order(ordered)["ShipmentList"][0]["ShipmentTrackingCode"]) == 100


def test_a_second_shipment_takes_over_the_lines_that_are_moved_to_it(ordered: Sim) -> None:
    nameless = ordered.post("/Orders/1001/Shipments", {"ShipmentTrackingCode": "RM2"})
    assert nameless.status_code == 400
    made = ordered.post("/Orders/1001/Shipments", {"ShipmentLastName": ".", "ShipmentTrackingCode": "RM2"})
    shipment = int(made.json()[0]["Value"])
    mug = _order(ordered)["OrderItemList"][1]["ItemIndexID"]
    ordered.put("/Orders/1001/Items", [{"ItemIndexID": mug, "ItemShipmentID": shipment}])
    ordered.put("/Orders/1001", {"OrderStatusID": 3})
    order = _order(ordered)
    assert [line["ItemShipmentID"] for line in order["OrderItemList"]] == [0, shipment]
    assert [row["ShipmentNumber"] for row in order["ShipmentList"]] == [1, 2]


def test_a_line_cannot_move_to_a_shipment_that_does_not_exist(ordered: Sim) -> None:
    line = _order(ordered)["OrderItemList"][0]["ItemIndexID"]
    response = ordered.put(f"/Orders/1001/Items/{line}", {"ItemShipmentID": 77})
    assert response.status_code == 400
    assert _order(ordered)["OrderItemList"][0]["ItemShipmentID"] == 0


def test_parts_of_an_unknown_order_or_row_are_a_404(ordered: Sim) -> None:
    assert ordered.get("/Orders/7/Items").status_code == 404
    assert ordered.put("/Orders/1001/Shipments/7", {"ShipmentTrackingCode": "x"}).status_code == 404


def test_a_probe_for_the_right_to_write_creates_nothing(seller: Sim) -> None:
    assert seller.post("/Orders", {}).status_code == 400
    assert seller.put("/Orders/0", {}).status_code == 404
    assert seller.post("/Customers", {}).status_code == 400
    assert seller.at_store("GET", "/orders") == []
