"""Price lists and their records."""

from __future__ import annotations

from channels.connectors.bigcommerce.simulator.tests.conftest import HASH, Store


def test_records_are_upserted_created_and_read(store: Store) -> None:
    store.stock({"name": "Lamp", "sku": "LAMP", "price": "10"}, {"name": "Shade", "sku": "S", "price": "3"})
    made = store.call("POST", "/v3/pricelists", {"name": "Trade"}).json()["data"]
    path = f"/v3/pricelists/{made['id']}/records"

    saved = store.call("PUT", path, [{"sku": "LAMP", "currency": "gbp", "price": 7.5}])
    again = store.call("POST", path, [{"sku": "LAMP", "currency": "GBP", "price": 7}])
    store.call("PUT", path, [{"sku": "lamp", "currency": "gbp", "price": 8}, {"sku": "S", "currency": "gbp"}])

    assert (saved.json(), again.status_code) == ({"data": {}, "meta": {}}, 409)
    records = store.get(path)["data"]
    assert [(record["sku"], record["price"], record["calculated_price"]) for record in records] == [
        ("LAMP", 8, 8),
        ("S", None, 3),
    ]
    assert [record["sku"] for record in store.get(path, **{"sku:in": "s"})["data"]] == ["S"]


def test_a_record_needs_a_variant_and_a_currency_and_batches_have_limits(store: Store) -> None:
    store.stock({"name": "Lamp", "sku": "LAMP", "price": "10"})
    path = f"/v3/pricelists/{store.call('POST', '/v3/pricelists', {'name': 'T'}).json()['data']['id']}/records"

    assert store.call("PUT", path, [{"sku": "LAMP", "price": 1}]).status_code == 422
    assert store.call("PUT", path, [{"sku": "nope", "currency": "gbp"}]).status_code == 422
    assert store.call("POST", path, [{"sku": "LAMP", "currency": "gbp"}] * 101).status_code == 413
    assert store.call("GET", "/v3/pricelists/999/records").status_code == 404


def test_price_lists_fire_no_product_events(store: Store) -> None:
    store.stock({"name": "Lamp", "sku": "LAMP", "price": "10"})
    store.call("POST", "/v3/hooks", {"scope": "store/product/*", "destination": "https://portal.example.com/h"})
    made = store.call("POST", "/v3/pricelists", {"name": "Trade"}).json()["data"]

    store.call("PUT", f"/v3/pricelists/{made['id']}/records", [{"sku": "LAMP", "currency": "gbp", "price": 7.5}])

    assert store.door("GET", f"/hooks?store={HASH}").json() == []
