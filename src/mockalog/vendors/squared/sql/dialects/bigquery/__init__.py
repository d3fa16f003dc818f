"""BigQuery's GoogleSQL."""

from functools import reduce

from mockalog.vendors.squared.sql.dialects.bigquery import (
    aggregates,
    arrays,
    casts,
    dates,
    formats,
    numbers,
    texts,
)
from mockalog.vendors.squared.sql.dialects.rules import Rules

_PARTS = (aggregates, arrays, casts, dates, formats, numbers, texts)

RULES: Rules = reduce(lambda one, other: one | other.RULES, _PARTS, Rules())
