"""Snowflake."""

from functools import reduce

from mockalog.vendors.squared.sql.dialects.rules import Rules
from mockalog.vendors.squared.sql.dialects.snowflake import (
    aggregates,
    arrays,
    casts,
    dates,
    flatten,
    formats,
    numbers,
    texts,
    variants,
)

_PARTS = (casts, aggregates, dates, flatten, formats, numbers, texts, arrays, variants)

RULES: Rules = reduce(lambda one, other: one | other.RULES, _PARTS, Rules())
