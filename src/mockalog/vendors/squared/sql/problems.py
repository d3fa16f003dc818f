"""The problems of a query, each independent of the source that reports it."""

from typing import Literal

Kind = Literal[
    "aggregate",
    "ambiguous",
    "argument",
    "cast",
    "cast_overflow",
    "column",
    "columns",
    "complex",
    "date_range",
    "division",
    "element",
    "element_zero",
    "exact",
    "forbidden",
    "function",
    "grouping",
    "invalid_date",
    "mismatch",
    "other",
    "overflow",
    "parameters",
    "parse",
    "pattern",
    "raised",
    "remainder",
    "rows",
    "subscript",
    "syntax",
    "table",
    "timeout",
    "ungrouped",
    "unknown_alias",
]


class QueryError(Exception):
    """A query that the source refuses.

    `values` are the parts of the text: `name`, `type`, `value` and the like. The `name` of the
    kind "exact" is the whole text.
    """

    def __init__(self, kind: Kind, **values: str) -> None:
        self.kind = kind
        self.values = values
        super().__init__(kind, values)
