"""Filters of selections: operators and values (docs/vendors/braze.md#6-selections)."""

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

from mockalog.vendors.braze.rules.distances import distance
from mockalog.vendors.braze.rules.liquid import is_liquid
from mockalog.vendors.braze.rules.values import InvalidValueError, Reader, check_size

INVALID_FILTER = "selection-has-invalid-filter"


class Operator(NamedTuple):
    """An operator of filters. Its functions take an item's value and the filter's value.

    `holds_for_null`: the operator holds for an item without a value (inferred).
    `rank`: the results are sorted by it, the smallest first.
    """

    name: str
    holds: Callable[[Any, Any], bool]
    holds_for_null: bool = False
    rank: Callable[[Any, Any], float] | None = None

    def operand(self, value: object) -> object:
        """Return a filter's value to compare with, or None if only a message knows it (inferred).

        Only a message renders Liquid, and the form of a geo filter's string is unknown.
        """
        is_unknown = is_liquid(value) or (self.rank is not None and isinstance(value, str))
        return None if is_unknown else value


class OperatorGroup(NamedTuple):
    """Operators that one model of the document describes; `note` ends its description."""

    name: str
    operators: tuple[Operator, ...]
    note: str = ""


class Filtering(NamedTuple):
    """The part of a field type for filters of selections.

    `accepts` checks the JSON type of a filter's value, of which only strings are coerced (A5).
    `read` and `schema` are those of a filter's value, besides Liquid.
    """

    groups: tuple[OperatorGroup, ...]
    accepts: Callable[[object], bool]
    read: Reader
    schema: object

    @property
    def operators(self) -> tuple[Operator, ...]:
        """Return the operators that a filter can use."""
        return tuple(one for group in self.groups for one in group.operators)

    def read_value(self, value: object) -> object:
        """Return a filter's value as items store theirs; raises `InvalidValueError`.

        Liquid is stored as it is, at most as long as any other value (inferred).
        """
        if is_liquid(value):
            return check_size(value, value)
        if not self.accepts(value):
            raise InvalidValueError(INVALID_FILTER)
        return self.read(value)


EQUALITY = OperatorGroup(
    "Equality",
    (
        Operator("equals", operator.eq),
        Operator("does not equal", operator.ne, holds_for_null=True),
    ),
)
COMPARISON = OperatorGroup(
    "Comparison",
    (Operator("greater than", operator.gt), Operator("less than", operator.lt)),
)
SWITCH = OperatorGroup("Switch", (Operator("is", operator.eq),))
PERIOD = OperatorGroup("Period", (Operator("before", operator.lt), Operator("after", operator.gt)))
MEMBERSHIP = OperatorGroup(
    "Membership",
    (
        Operator("includes value", operator.contains),
        Operator(
            "does not include value", lambda array, text: text not in array, holds_for_null=True
        ),
    ),
    note="; a selection can filter by one array field",
)
DISTANCE = OperatorGroup(
    "Distance",
    (
        Operator(
            "geo within",
            lambda place, circle: distance(place, circle) <= circle["radius"],
            rank=distance,
        ),
        Operator(
            "geo outside",
            lambda place, circle: distance(place, circle) > circle["radius"],
            holds_for_null=True,
            rank=distance,
        ),
    ),
    note="; results are sorted by distance",
)
