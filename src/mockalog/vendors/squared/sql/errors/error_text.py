"""The text of a problem in the words of a source."""

import re
from collections.abc import Mapping

from mockalog.vendors.squared.sql.errors.spark_values import spark_values
from mockalog.vendors.squared.sql.errors.texts import TEXTS
from mockalog.vendors.squared.sql.errors.type_names import type_name
from mockalog.vendors.squared.sql.problems import Kind, QueryError
from mockalog.vendors.squared.sql.sources import Source, folded
from mockalog.vendors.squared.sql.translation.written import written

# The kind whose text serves where a source has none of its own.
_SAME: Mapping[Kind, Kind] = {
    "cast_overflow": "overflow",
    "date_range": "invalid_date",
    "element": "subscript",
    "element_zero": "subscript",
    "parameters": "function",
    "parse": "invalid_date",
    "remainder": "division",
    "ungrouped": "grouping",
    "unknown_alias": "column",
}

# The kinds whose `name` stands in the query.
_NAMED = (
    "ambiguous",
    "column",
    "function",
    "grouping",
    "parameters",
    "syntax",
    "table",
    "ungrouped",
    "unknown_alias",
)


def error_text(problem: QueryError, query: str, source: Source) -> str:
    """Return the source's error text for a query that failed."""
    if problem.kind == "exact":
        return problem.values["name"]
    texts = TEXTS[source.name]
    if problem.kind == "grouping" and not re.search(r"(?i)\bgroup\s+by\b", query):
        problem = QueryError("ungrouped", **problem.values)
    kind = problem.kind if problem.kind in texts else _SAME.get(problem.kind)
    if kind is None:  # a problem for which the source has no words of its own
        problem = QueryError("other", name=problem.values.get("text", ""))
        kind = "other"
    values = _described(problem, query, source)
    if source.dialect == "databricks":
        values |= spark_values(problem, values, query)
    text = texts[kind].format_map(_Values(values))
    # PostgreSQL does not quote a name with a dot, and has a text for the end of the query.
    if kind == "column" and re.search(r"\w\.\w", values.get("name", "")):
        text = text.replace(f'"{values["name"]}"', values["name"])
    text = text.replace("exist:  ", "exist: ")
    return text.replace('at or near ""', "at end of input")


class _Values(dict[str, str]):
    """Values of a text; one that the problem does not have is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def _described(problem: QueryError, query: str, source: Source) -> dict[str, str]:
    values = dict(problem.values)
    for key in ("type", "left", "right"):
        if key in values:
            values[key] = type_name(values[key], source)
    if "types" in values:
        names = (type_name(one, source) for one in values["types"].split(", "))
        values["types"] = ", ".join(names)
    if problem.kind in ("cast", "invalid_date"):
        values["type"] = values.get("type", "").removesuffix(" without time zone")
    name = values.get("name", "")
    if problem.kind in _NAMED:
        place = _place(query, name)
        values["name"] = _shown(problem, query, place, source)
        values["line"] = _line(query, place.start() if place and name else len(query))
    elif "value" in values:
        values["line"] = _line(query, max(query.find(f"'{values['value']}'"), 0))
        values |= _digit(values["value"])
    elif problem.kind == "mismatch":
        at = query.find(values.get("operator", ""))
        values["line"] = _line(query, max(at, 0))
    if problem.kind == "overflow" and source.dialect == "mysql":
        values["expression"] = _calculation(query)
    values["clause"] = _clause(query, values.get("name", ""))
    return values


def _place(query: str, name: str) -> re.Match[str] | None:
    return re.search(rf'(?<!\w)(?:\w+\.)*["`\[]?{re.escape(name)}', query, re.IGNORECASE)


def _shown(problem: QueryError, query: str, place: re.Match[str] | None, source: Source) -> str:
    """Return a name as the source's error shows it."""
    name = problem.values.get("name", "")
    if problem.kind == "syntax" or place is None or not name:
        return name
    found = re.sub(r'["`\[\]]', "", place[0])
    if problem.kind == "unknown_alias" and source.dialect == "mysql":
        whole = re.search(rf"{re.escape(found)}\.\w+", query)
        return whole[0] if whole else found
    if problem.kind == "column" and '"' in place[0] and source.case == "upper":
        return f'"{name}"' if source.dialect == "snowflake" else name
    if source.dialect == "oracle" and problem.kind == "column":
        return '"."'.join(folded(found, source).split("."))  # within the text's quotes
    if source.dialect == "mysql":
        return name if problem.kind == "table" else found
    if problem.kind in ("table", "column") and source.dialect in ("postgres", "redshift"):
        return found if '"' in place[0] else found.lower()
    if problem.kind == "column" and '"' in place[0]:
        return name
    return folded(found if problem.kind == "function" else name, source)


def _digit(value: str) -> dict[str, str]:
    """Return the first character of a text that is no digit, and its position (Redshift)."""
    wrong = re.search(r"[^0-9]", value)
    return {
        "digit": wrong[0] if wrong else "",
        "position": str(wrong.start() if wrong else 0),
    }


def _calculation(query: str) -> str:
    """Return the first column of a query that calculates, without its name."""
    for text in written(query, "mysql"):
        if re.search(r"[-+*]", text):
            return re.sub(r"(?i)\s+as\s+\S+$", "", text)
    return ""


def _clause(query: str, name: str) -> str:
    """Return MariaDB's name of the clause in which a name stands."""
    before = query[: max(query.lower().find(name.lower()), 0)]
    found = re.findall(r"(?i)\b(SELECT|WHERE|ON|HAVING|GROUP\s+BY|ORDER\s+BY)\b", before)
    return " ".join(found[-1].upper().split()) if found else "SELECT"


def _line(query: str, at: int) -> str:
    """Return libpq's two lines: a line of the query and a caret below a character."""
    number = query.count("\n", 0, at) + 1
    begin = query.rfind("\n", 0, at) + 1
    head = f"LINE {number}: "
    text = query[begin:].split("\n", 1)[0]
    return f"\n{head}{text}\n{' ' * (len(head) + at - begin)}^\n"
