"""Databricks: Spark in ANSI mode."""

from mockalog.vendors.squared.sql.dialects.databricks import (
    arrays,
    casts,
    dates,
    documents,
    lambdas,
    numbers,
    parts,
    queries,
    texts,
)

RULES = (
    casts.RULES
    | numbers.RULES
    | texts.RULES
    | dates.RULES
    | parts.RULES
    | arrays.RULES
    | lambdas.RULES
    | documents.RULES
    | queries.RULES
)
