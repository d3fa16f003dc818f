"""Athena and Presto: Trino's functions, with types that do not mix."""

from mockalog.vendors.squared.sql.dialects.athena import (
    arrays,
    casts,
    dates,
    documents,
    formats,
    numbers,
    queries,
    texts,
    tries,
)

RULES = (
    casts.RULES
    | numbers.RULES
    | texts.RULES
    | dates.RULES
    | formats.RULES
    | arrays.RULES
    | documents.RULES
    | queries.RULES
    | tries.RULES
)
