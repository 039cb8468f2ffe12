"""Records that cannot be read: each leaves one problem of ours with the place in the answer, and the loop goes on. It closes when the record is read well."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from channels.contract import Topic
from channels.errors import UnexpectedPayload
from channels.models import Integration, Problem, ProblemState
from channels.problems import raise_problem, resolve

CODE = UnexpectedPayload.code
# So many in one run are no odd records: the store answers in another way than it did, and the run ends.
MOST_UNREADABLE = 50
_LABELS = {Topic.ORDER: "Order", Topic.PRODUCT: "Product", Topic.STOCK: "Stock of", Topic.SHIPMENT: "Parcel"}


class RunReads:
    """What one run (or one webhook) could and could not read of an integration. One query where all is well."""

    def __init__(self, integration: Integration) -> None:
        self.integration = integration
        self.failed: dict[Topic, set[str]] = defaultdict(set)

    @property
    def number(self) -> int:
        """How many records could not be read."""
        return sum(len(ids) for ids in self.failed.values())

    def good(self, topic: Topic, remote_id: str) -> None:
        """Close what was open about the record."""
        key = self._key(topic, remote_id)
        if key in self._open:
            self._open.discard(key)
            resolve(integration=self.integration, cause_key=key, resolution="The store's answer can be read now.")

    def unreadable(self, topic: Topic, remote_id: str, error: UnexpectedPayload) -> None:
        """Leave a problem. Raises ``error`` when too many records of a run are like that."""
        self.failed[topic].add(remote_id)
        name = f"{_LABELS.get(topic, str(topic))} {remote_id}"
        raise_problem(
            self.integration.company_id,
            CODE,
            f"{name} of {self.integration.name} cannot be read: {error.message}",
            integration=self.integration,
            record_name=name,
            cause_key=self._key(topic, remote_id),
            detail=f"{error.path} {error.detail}".strip(),
        )
        self._open.add(self._key(topic, remote_id))
        if self.number > MOST_UNREADABLE:
            raise error

    def open_ids(self, topic: Topic) -> list[str]:
        """Records that could not be read before, to be tried again."""
        start = self._key(topic, "")
        return sorted(key.removeprefix(start) for key in self._open if key.startswith(start))[:MOST_UNREADABLE]

    @cached_property
    def _open(self) -> set[str]:
        rows = Problem.objects.filter(
            integration=self.integration, company_id=self.integration.company_id, code=CODE, state=ProblemState.OPEN
        )
        return set(rows.values_list("cause_key", flat=True))

    def _key(self, topic: Topic, remote_id: str) -> str:
        return f"{CODE}:{self.integration.pk}:{topic}:{remote_id}"[:160]
