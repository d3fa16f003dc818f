"""TRY: an error within it is null.

Source: Trino's documentation, "Conditional expressions". DuckDB's TRY takes no functions that
raise errors of their own, so these have a second form.
"""

from collections.abc import Mapping

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules

_TRIED: Mapping[str, str] = {
    "_nonzero": "_trino_try_nonzero",
    "_trino_whole_divide": "_trino_try_divide",
    "_trino_remainder": "_trino_try_remainder",
    "_trino_item": "_trino_try_item",
    "_trino_value": "_trino_try_value",
    "_trino_whole": "_trino_try_whole",
    "_trino_parse": "try_strptime",
}


def _try(node: exp.Try) -> exp.Expr:
    for one in list(node.find_all(exp.Anonymous)):
        if one.name in _TRIED:
            one.set("this", _TRIED[one.name])
    return node


RULES = Rules(
    nodes={exp.Try: _try},
    macros=(
        "CREATE MACRO _trino_try_nonzero(x) AS nullif(x, 0)",
        "CREATE MACRO _trino_try_divide(a, b) AS (a - a % nullif(b, 0)) // nullif(b, 0)",
        "CREATE MACRO _trino_try_remainder(a, b) AS a % nullif(b, 0)",
    ),
)
