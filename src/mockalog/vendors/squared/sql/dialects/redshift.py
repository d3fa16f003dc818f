"""Redshift: PostgreSQL's ground, with functions of its own."""

from mockalog.vendors.squared.sql.dialects.rules import Rules

RULES = Rules()
