"""Keeping the index true: made after migrate, fed by whoever writes products, rebuilt on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import transaction
from django_q.tasks import async_task

from catalog.models import Product
from catalog.search import waiting, words
from catalog.search.backends import index
from catalog.search.documents import read_documents

# So many products are put into the index with the change itself (about 0.1 ms each); more wait for a job, so that a first load stays fast.
AT_ONCE = 200
CHUNK = 500
JOB = "catalog.search.jobs.catch_up"


def ensure() -> str:
    """Make what is missing and fill it with the goods that are there. Returns a note for people, "" when all is well."""
    is_new = not index().exists()
    with transaction.atomic():
        words.create()
        waiting.create()
        note_for_people = index().create()
    if is_new and Product.objects.exists():
        rebuild()
    return note_for_people


def drop() -> None:
    """Remove the index and everything about it."""
    with transaction.atomic():
        index().drop()
        words.drop()
        waiting.drop()


def rebuild() -> int:
    """Make the index anew from the goods, in short transactions. Returns how many products it holds."""
    drop()
    with transaction.atomic():
        words.create()
        waiting.create()
        index().create()
    count = 0
    for ids in _all_products():
        with transaction.atomic():
            _put(ids)
        count += len(ids)
    return count


def note(product_ids: Iterable[int]) -> None:
    """These products were written or removed: bring the index up to them, many of them soon, few of them now. Call it in the writing transaction."""
    ids = sorted(set(product_ids))
    if not ids:
        return
    with transaction.atomic():
        if len(ids) <= AT_ONCE:
            _put(ids)
            return
        waiting.add(ids)
        transaction.on_commit(_wake)


def catch_up(*, most: int | None = None) -> int:
    """Put what waits into the index, in short transactions; how many products that were. Twice is once."""
    count = 0
    while most is None or count < most:
        with transaction.atomic():
            ids = waiting.take(CHUNK)
            _put(ids)
        if not ids:
            return count
        count += len(ids)
    return count


def _put(product_ids: Sequence[int]) -> None:
    if not product_ids:
        return
    documents = read_documents(product_ids)
    held = {one.product_id for one in documents}
    if gone := [pk for pk in product_ids if pk not in held]:
        index().remove(gone)
    if documents:
        index().put(documents)
        words.add(documents)


def _wake() -> None:
    async_task(JOB, cluster="bulk", task_name="search index")


def _all_products() -> Iterator[list[int]]:
    last = 0
    while ids := list(Product.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield ids
        last = ids[-1]
