"""What a batch would come to, before anything of it is stored.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mockalog.vendors.attraqt.rules.feedback import told
from mockalog.vendors.attraqt.rules.items import Operation
from mockalog.vendors.attraqt.rules.merging import (
    ABSENT,
    CHANGED,
    FAILURE,
    SUCCESS,
    Key,
    Outcome,
    Shelf,
    Stored,
)
from mockalog.vendors.attraqt.rules.values import Contents, Misfit, misfits


def rejection(contents: Contents, operation: Operation) -> Outcome | None:
    """Return how an operation fails that its catalog's schemas do not allow, None if they do."""
    misfit: Misfit | None = next(iter(misfits(contents, operation)), None)
    if misfit is None:
        return None
    return Outcome(FAILURE, told(f"{misfit.where} {misfit.what}"), misfit.what)


class Trial:
    """Goes through a batch and counts items, each of which counts once.

    An item passes if the last operation on it that is no deletion does, and a change of an item
    that is not there does not (inferred). It remembers every item that the batch names: some
    hundreds of bytes each, for as long as an ingestion with a threshold runs.
    """

    def __init__(self, contents: Contents) -> None:
        self.errors: Counter[str] = Counter()
        self._contents = contents
        self._shelf = Shelf({})
        self._known: set[str] = set()
        self._passing: dict[Key, bool] = {}

    @property
    def valid(self) -> int:
        """Return how many items pass."""
        return sum(self._passing.values())

    @property
    def total(self) -> int:
        """Return how many items there are to be created or changed."""
        return len(self._passing)

    def unknown(self, operations: Iterable[Operation]) -> list[str]:
        """Return the ids whose items have to be learnt before these operations are tried."""
        return [one for one in dict.fromkeys(o.id for o in operations) if one not in self._known]

    def learn(self, ids: Sequence[str], stored: Mapping[Key, Stored]) -> None:
        """Know what the catalog holds under some ids; what the items say takes no room here."""
        self._known.update(ids)
        for key, item in stored.items():
            self._shelf.put(key, item._replace(document=None if item.document is None else ""))

    def take(self, operation: Operation) -> None:
        """Try an operation."""
        key = operation.id, operation.type
        rejected = rejection(self._contents, operation)
        outcome = rejected or self._shelf.outcome(operation, self._shelf.get(key))
        if outcome.state == FAILURE:
            self.errors[outcome.kind] += 1
        elif outcome is CHANGED or outcome is ABSENT:
            document = None if operation.kind == "delete" else ""
            self._shelf.put(key, Stored(None, operation.at, document, None))
        if operation.kind != "delete":
            self._passing[key] = outcome.state == SUCCESS
