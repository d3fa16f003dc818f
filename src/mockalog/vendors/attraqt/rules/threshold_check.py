"""The validity of a batch's items, and the check of an ingestion's thresholds.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mockalog.vendors.attraqt.json_columns import Operation
from mockalog.vendors.attraqt.rules.feedback import FAILURE, SUCCESS
from mockalog.vendors.attraqt.rules.items import error_text
from mockalog.vendors.attraqt.rules.merging import (
    ABSENT,
    CHANGED,
    CatalogItems,
    ItemState,
    Key,
    Outcome,
)
from mockalog.vendors.attraqt.rules.values import CatalogDefinition, field_errors

# Texts of a summary. A batch can name any number of attributes, so the last text counts the rest.
MAX_TEXTS = 100
OTHER_ERRORS = "other errors"


def schema_failure(definition: CatalogDefinition, operation: Operation) -> Outcome | None:
    """Return the failure of an operation that breaks its schema, None if it is valid."""
    errors = field_errors(definition, operation)
    if not errors:
        return None
    return Outcome(FAILURE, error_text(errors), tuple(error.summary for error in errors))


class Tally:
    """Counts the valid items of a batch and the errors of its operations.

    An item counts once. It is valid if the last operation on it, deletions excepted, is valid. An
    outdated operation is valid. The tally keeps some hundreds of bytes for each item.
    """

    def __init__(self) -> None:
        self.errors: Counter[str] = Counter()
        self._validity: dict[Key, bool] = {}

    @property
    def valid(self) -> int:
        """Return the number of valid items."""
        return sum(self._validity.values())

    @property
    def total(self) -> int:
        """Return the number of items to be created or changed."""
        return len(self._validity)

    def add(self, operation: Operation, outcome: Outcome) -> None:
        """Count an operation after those before it."""
        for text in outcome.errors:
            is_listed = text in self.errors or len(self.errors) < MAX_TEXTS
            self.errors[text if is_listed else OTHER_ERRORS] += 1
        if operation.kind != "delete":
            self._validity[operation.id, operation.type] = outcome.state == SUCCESS


class ThresholdCheck:
    """Checks the operations of a batch, and writes none.

    A patch of an item that does not exist is invalid (inferred). The check keeps some hundreds of
    bytes for each item of the batch.
    """

    def __init__(self, definition: CatalogDefinition) -> None:
        self.tally = Tally()
        self._definition = definition
        self._items = CatalogItems({})
        self._loaded: set[str] = set()

    def unloaded_ids(self, operations: Iterable[Operation]) -> list[str]:
        """Return the ids of items that `load` needs before the operations are checked."""
        ids = dict.fromkeys(operation.id for operation in operations)
        return [item_id for item_id in ids if item_id not in self._loaded]

    def load(self, ids: Sequence[str], states: Mapping[Key, ItemState]) -> None:
        """Take over the states of the catalog's items with some ids, without their documents."""
        self._loaded.update(ids)
        for key, item in states.items():
            self._items.put(key, item._replace(document=None if item.document is None else ""))

    def check(self, operation: Operation) -> Outcome:
        """Return the outcome of an operation after those before it."""
        key = operation.id, operation.type
        failure = schema_failure(self._definition, operation)
        outcome = failure or self._items.outcome(operation, self._items.get(key))
        if outcome is CHANGED or outcome is ABSENT:
            document = None if operation.kind == "delete" else ""
            self._items.put(key, ItemState(None, operation.at, document, None))
        self.tally.add(operation, outcome)
        return outcome
