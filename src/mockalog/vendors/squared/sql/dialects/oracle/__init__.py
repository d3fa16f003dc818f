"""Oracle."""

from functools import reduce

from mockalog.vendors.squared.sql.dialects.oracle import (
    aggregates,
    casts,
    dates,
    nulls,
    numbers,
    rows,
    texts,
    trees,
)
from mockalog.vendors.squared.sql.dialects.rules import Rules

_PARTS = (trees, rows, nulls, casts, dates, numbers, texts, aggregates)

RULES: Rules = reduce(lambda one, other: one | other.RULES, _PARTS, Rules())
