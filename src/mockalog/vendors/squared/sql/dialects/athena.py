"""Athena and Presto: Trino's functions."""

from mockalog.vendors.squared.sql.dialects.rules import Rules

RULES = Rules()
