"""The parts of Spark's error texts that others do not have. Measured on Spark 4.3."""

import re
from collections.abc import Mapping

from mockalog.vendors.squared.sql.problems import QueryError

# What follows a value in Spark's errors, by DuckDB's type.
_SUFFIXES: Mapping[str, str] = {"INT64": "L", "BIGINT": "L", "DOUBLE": "D"}
_TRIES: Mapping[str, str] = {
    "addition": "try_add",
    "subtraction": "try_subtract",
    "multiplication": "try_multiply",
}


def spark_values(problem: QueryError, values: Mapping[str, str], query: str) -> Mapping[str, str]:
    """Return the values of a text that are written in Spark's own way."""
    found = {"instead": _TRIES.get(problem.values.get("operation", ""), "try_add")}
    if problem.kind == "cast_overflow":
        found["value"] = values["value"] + _SUFFIXES.get(problem.values["left"], "")
    if problem.kind == "mismatch":
        parts = (values.get(key, "") for key in ("left", "operator", "right"))
        found["expression"] = problem.values.get("expression") or " ".join(parts)
    if problem.kind == "ambiguous":
        found["choices"] = _choices(problem.values.get("choices", ""), values["name"])
    if problem.kind in ("column", "unknown_alias"):
        found["name"] = _dotted(values["name"], query)
    return found


def _choices(choices: str, name: str) -> str:
    """Return the columns that a name may mean, in order of their names."""
    pairs = sorted(set(re.findall(r'"?(\w+)\.(\w+)"?', choices)))
    return ", ".join(f"`{table}`.`{column}`" for table, column in pairs) or f"`{name}`"


def _dotted(name: str, query: str) -> str:
    """Return a column with its table: each part has its own quotes, the text has the outer."""
    whole = re.search(rf"(?i)(?<!\w)(\w+)\.{re.escape(name.rpartition('.')[2])}\b", query)
    if whole is None and (after := re.search(rf"(?i)\b{re.escape(name)}\.(\w+)", query)):
        return f"{name}`.`{after[1]}"
    return name if whole is None else f"{whole[1]}`.`{name.rpartition('.')[2]}"
