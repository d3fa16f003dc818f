"""Which items a selection picks. The vendor shows this in messages only.

Filters must all hold. A null value fits only what is negated; it sorts last (both inferred).

Source: docs/vendors/braze.md#6-selections.
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from heapq import nlargest, nsmallest
from math import asin, cos, inf, radians, sin, sqrt
from typing import Any

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.braze.rules.layout import ID
from mockalog.vendors.braze.rules.selections import MAX_RESULTS

EARTH_RADIUS = 6371.0088  # kilometres

Item = Mapping[str, Any]

# What each operator asks; those in `_NEGATIONS` ask for the opposite.
_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "equals": operator.eq,
    "is": operator.eq,
    "greater than": operator.gt,
    "less than": operator.lt,
    "before": operator.lt,
    "after": operator.gt,
    "includes value": operator.contains,
    "geo within": lambda place, circle: _distance(place, circle) <= circle["radius"],
}
_NEGATIONS = {
    "does not equal": "equals",
    "does not include value": "includes value",
    "geo outside": "geo within",
}


def picked(selection: Mapping[str, Any], items: Iterable[Item], seed: str) -> list[Item]:
    """Return what a selection picks of `items`, in its order: at most 50, or its own limit.

    Without sorting the order is random, the same for the same `seed`; with a geo filter it is by
    distance. What is picked of a part of the items may take that part's place in a larger pick.
    """
    fitting = (item for item in items if _fits(item, selection["filters"]))
    limit = selection["results_limit"] or MAX_RESULTS
    if selection["sort_field"] is not None:
        return _sorted(fitting, selection["sort_field"], selection["sort_order"], limit)
    circle = next((f for f in selection["filters"] if "geo" in f["operator"]), None)
    if circle is not None:
        return nsmallest(limit, fitting, key=partial(_distance_of, circle))
    return nsmallest(
        limit, fitting, key=lambda item: sha256(f"{seed} {item[ID]}".encode()).digest()
    )


def _fits(item: Item, filters: Iterable[Mapping[str, Any]]) -> bool:
    # A field that is gone has no value: a state document may say so.
    return all(_holds(item.get(f["field"]), f["operator"], f["value"]) for f in filters)


def _holds(value: Any, wanted: str, compared: Any) -> bool:
    if wanted in _NEGATIONS:
        return not _holds(value, _NEGATIONS[wanted], compared)
    return value is not None and _TESTS[wanted](value, compared)


def _sorted(items: Iterable[Item], field: str, order: str, limit: int) -> list[Item]:
    """Sort what has a value; equal ones keep their order, and nulls fill up the rest."""
    nulls: list[Item] = []
    best = nlargest if order == "desc" else nsmallest
    valued = _with_values(items, field, nulls, limit)
    found = best(limit, valued, key=lambda item: _sort_key(item[field]))
    return (found + nulls)[:limit]


def _with_values(
    items: Iterable[Item], field: str, nulls: list[Item], limit: int
) -> Iterator[Item]:
    """Yield the items with a value, and keep aside as many of the others as can be needed."""
    for item in items:
        if item.get(field) is not None:
            yield item
        elif len(nulls) < limit:
            nulls.append(item)


def _sort_key(value: Any) -> Any:
    return dumps(value) if isinstance(value, dict | list) else value


def _distance_of(circle: Mapping[str, Any], item: Item) -> float:
    place = item.get(circle["field"])
    return inf if place is None else _distance(place, circle["value"])


def _distance(place: Any, circle: Mapping[str, Any]) -> float:
    """Return the kilometres between a place and the centre of a circle (haversine)."""
    longitude, latitude = map(radians, map(float, place))
    other_longitude, other_latitude = radians(circle["longitude"]), radians(circle["latitude"])
    across = sin((other_longitude - longitude) / 2) ** 2
    up = sin((other_latitude - latitude) / 2) ** 2
    chord = sqrt(up + cos(latitude) * cos(other_latitude) * across)
    return 2 * EARTH_RADIUS * asin(min(1.0, chord))
