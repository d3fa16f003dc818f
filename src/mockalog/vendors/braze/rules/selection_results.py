"""The items that a selection selects. Braze shows them only inside messages.

All filters must hold. A null value matches only negated operators, and it sorts last (both
inferred). A filter whose value only a message knows holds as for null (inferred).

Source: docs/vendors/braze.md#6-selections.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from heapq import nlargest, nsmallest
from math import inf
from typing import Any, NamedTuple

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.braze.json_columns import NewSelection, StoredFilter
from mockalog.vendors.braze.rules.catalog_schema import ID
from mockalog.vendors.braze.rules.field_types import operator_named
from mockalog.vendors.braze.rules.filters import Operator
from mockalog.vendors.braze.rules.selections import MAX_RESULTS

Item = Mapping[str, Any]


class _Condition(NamedTuple):
    """A filter with its operator; `value` is the filter's, None if only a message knows it."""

    field: str
    operator: Operator
    value: object

    @classmethod
    def of(cls, condition: StoredFilter) -> "_Condition":
        operator = operator_named(condition["operator"])
        return cls(condition["field"], operator, operator.operand(condition["value"]))

    def holds(self, item: Item) -> bool:
        # A state document may hold a filter whose field does not exist: it has no value.
        value = item.get(self.field)
        if value is None or self.value is None:
            return self.operator.holds_for_null
        try:
            return self.operator.holds(value, self.value)
        except (TypeError, ValueError, LookupError):  # nor does a value of another type hold
            return False

    @property
    def ranks(self) -> bool:
        """Return whether the results can be sorted by the operator."""
        return self.operator.rank is not None and self.value is not None

    def rank(self, item: Item) -> float:
        value = item.get(self.field)
        if value is None or self.operator.rank is None:
            return inf
        return self.operator.rank(value, self.value)


def select_items(selection: NewSelection, items: Iterable[Item], seed: str) -> list[Item]:
    """Return the items that a selection selects, in its order: at most 50, or its own limit.

    Without sorting the order is random, the same for the same `seed`; with a geo filter it is by
    distance. The results of a part of the items can replace that part in a larger selection.
    """
    conditions = [_Condition.of(condition) for condition in selection["filters"]]
    matching = (item for item in items if all(one.holds(item) for one in conditions))
    limit = selection["results_limit"] or MAX_RESULTS
    if selection["sort_field"] is not None:
        return _sorted(matching, selection["sort_field"], selection["sort_order"], limit)
    ranking = next((one for one in conditions if one.ranks), None)
    if ranking is not None:
        return nsmallest(limit, matching, key=ranking.rank)
    return nsmallest(
        limit, matching, key=lambda item: sha256(f"{seed} {item[ID]}".encode()).digest()
    )


def _sorted(items: Iterable[Item], field: str, order: str | None, limit: int) -> list[Item]:
    """Sort the items with a value; equal ones keep their order, and nulls come last."""
    nulls: list[Item] = []
    best = nlargest if order == "desc" else nsmallest
    valued = _with_values(items, field, nulls, limit)
    results = best(limit, valued, key=lambda item: _sort_key(item[field]))
    return (results + nulls)[:limit]


def _with_values(
    items: Iterable[Item], field: str, nulls: list[Item], limit: int
) -> Iterator[Item]:
    """Yield the items with a value, and add at most `limit` of the others to `nulls`."""
    for item in items:
        if item.get(field) is not None:
            yield item
        elif len(nulls) < limit:
            nulls.append(item)


def _sort_key(value: Any) -> Any:
    """Return a key that can be compared, also if a state document mixes types of values."""
    key = dumps(value).decode() if isinstance(value, dict | list) else value
    return isinstance(key, str), key
