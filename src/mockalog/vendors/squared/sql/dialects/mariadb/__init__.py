"""MariaDB 10.11 with its default SQL mode and the collation utf8mb4_general_ci."""

from mockalog.vendors.squared.sql.dialects.mariadb import (
    casts,
    comparisons,
    dates,
    documents,
    formats,
    instants,
    json_tables,
    numbers,
    queries,
    regexes,
    texts,
)

RULES = (
    numbers.RULES
    | comparisons.RULES
    | casts.RULES
    | texts.RULES
    | regexes.RULES
    | instants.RULES
    | dates.RULES
    | formats.RULES
    | documents.RULES
    | json_tables.RULES
    | queries.RULES
)
