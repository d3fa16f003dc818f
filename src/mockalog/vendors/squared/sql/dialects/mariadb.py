"""MariaDB 10.11 with its default SQL mode."""

from mockalog.vendors.squared.sql.dialects.rules import Rules

RULES = Rules()
