"""Documents: lists, transactions, numbers."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from channels.simkit.store import DocumentStore, shown


@pytest.fixture
def documents() -> DocumentStore:
    """An empty store in memory."""
    return DocumentStore(indexes={"goods": ("sku", "price")})


def test_documents_are_found_sorted_and_paged(documents: DocumentStore) -> None:
    for sku, price in (("a", 3), ("b", 1), ("c", 2)):
        documents.add("s1", "goods", {"sku": sku, "price": price})
    documents.add("s2", "goods", {"sku": "z", "price": 9})

    def skus(**asked: object) -> list[str]:
        return [found["sku"] for found in documents.find("s1", "goods", **asked)]  # type: ignore[arg-type]

    assert skus(order=[("price", "desc")]) == ["a", "c", "b"]
    assert skus(where=[("price", ">=", 2)], limit=1, offset=1) == ["c"]
    assert skus(where=[("sku", "in", ["a", "c"])]) == ["a", "c"]
    assert skus(where=[("sku", "not in", ["a"])]) == ["b", "c"]
    assert skus(where=[("sku", "like", "%B%")]) == ["b"]
    assert documents.count("s1", "goods", where=[("price", "<", 3)]) == 2
    assert documents.first("s2", "goods") == {"sku": "z", "price": 9, "id": 1}


def test_numbers_go_on_from_where_they_are_set(documents: DocumentStore) -> None:
    documents.set_number("s1", "orders", 100)

    assert [documents.next_number("s1", "orders"), documents.next_number("s1", "orders")] == [101, 102]
    assert documents.next_number("s1", "other", start=7) == 7


def test_a_transaction_that_fails_leaves_nothing_and_tells_nobody(documents: DocumentStore) -> None:
    told: list[str] = []

    def fail() -> None:
        with documents.transaction():
            documents.add("s1", "goods", {"sku": "a"})
            documents.on_commit(lambda: told.append("failed"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with documents.transaction():
        documents.add("s1", "goods", {"sku": "b"})
        documents.on_commit(lambda: told.append("done"))
        assert told == []

    assert [found["sku"] for found in documents.find("s1", "goods")] == ["b"]
    assert told == ["done"]


def test_a_transaction_is_rolled_back_on_request(documents: DocumentStore) -> None:
    with documents.transaction() as unit:
        documents.add("s1", "goods", {"sku": "a"})
        unit.rollback()

    assert documents.count("s1", "goods") == 0


def test_threads_never_get_the_same_number(documents: DocumentStore) -> None:
    def work() -> None:
        for _ in range(50):
            with documents.transaction():
                documents.add("s1", "goods", {"sku": "x"})

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert documents.count("s1", "goods") == 200


def test_a_file_is_read_again(tmp_path: Path) -> None:
    path = str(tmp_path / "state.sqlite")
    first = DocumentStore(path)
    first.put("s1", "goods", "a", {"sku": "é🏠"})
    first.close()

    assert DocumentStore(path).get("s1", "goods", "a") == {"sku": "é🏠"}


@pytest.mark.parametrize("name", ["goods; drop", "Goods", ""])
def test_only_plain_names_reach_the_database(documents: DocumentStore, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        documents.find("s1", name)
    with pytest.raises(ValueError, match="name"):
        documents.find("s1", "goods", where=[(name, "=", 1)])


def test_own_keys_are_not_shown() -> None:
    assert shown({"id": 1, "_modified": 2}) == {"id": 1}


def test_a_collection_first_used_in_a_transaction_that_was_undone_can_be_used_again(documents: DocumentStore) -> None:
    with documents.transaction() as unit:
        documents.put("shop", "things", "1", {"id": "1"})
        unit.rollback()
    assert documents.find("shop", "things") == []
