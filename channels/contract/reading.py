"""Reading many records of which one may be of a shape that nobody documented: it is told, and the others are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from channels.contract.hooks import Topic
from channels.errors import NotFound, UnexpectedPayload

Row = TypeVar("Row")
Record = TypeVar("Record")
# What pure mappings raise over a value of another kind than documented.
_WRONG_SHAPE = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError)


class Reads(Protocol):
    """Who is told of each record of a list."""

    def good(self, topic: Topic, remote_id: str) -> None:
        """A record was read."""

    def unreadable(self, topic: Topic, remote_id: str, error: UnexpectedPayload) -> None:
        """A record could not be read; the list goes on unless this raises."""


class Strict:
    """Lets an unreadable record end the reading: for single records and outside a run."""

    def good(self, topic: Topic, remote_id: str) -> None:
        return

    def unreadable(self, topic: Topic, remote_id: str, error: UnexpectedPayload) -> None:
        raise error


STRICT = Strict()


def readable(
    reads: Reads, topic: Topic, rows: Iterable[Row], read: Callable[[Row], Record], *, key: Callable[[Row], object]
) -> Iterator[Record]:
    """``rows`` read one by one. One of an unknown shape is told to ``reads`` and left out, one that is gone meanwhile is left out.

    ``key`` names a row for the people who look at it; it must not raise.
    """
    for row in rows:
        try:
            record = read(row)
        except NotFound:
            continue
        except UnexpectedPayload as error:
            reads.unreadable(topic, str(key(row)), error)
        except _WRONG_SHAPE as error:
            reads.unreadable(topic, str(key(row)), wrong_shape(error))
        else:
            reads.good(topic, str(key(row)))
            yield record


def wrong_shape(error: Exception) -> UnexpectedPayload:
    """What a mapping stumbled over, as ours: with the key where one was missing."""
    path = f"$.{error.args[0]}" if isinstance(error, KeyError) and error.args else "$"
    return UnexpectedPayload(
        "A value is of another kind than documented.", path=path, detail=f"{type(error).__name__}: {error}"
    )
