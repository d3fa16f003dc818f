"""Regular expressions with a position, an occurrence, match parameters and a group."""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

_OPTIONS = {"i": "i", "c": "c", "n": "s", "s": "s", "m": "m", "e": ""}


def options(node: exp.Expr | None) -> str:
    """Return the options of DuckDB for a match parameter."""
    if node is None or isinstance(node, exp.Null):
        return ""
    if not node.is_string or set(node.name) - set(_OPTIONS):
        raise QueryError("exact", name="these match parameters are not emulated")
    return "".join(_OPTIONS[letter] for letter in node.name)


def found(node: exp.Expr) -> exp.Expr:
    """Return all occurrences of a regular expression from a position on."""
    position = node.args.get("position") or exp.Literal.number(1)
    parameters = node.args.get("parameters")
    default = 1 if parameters is not None and "e" in parameters.name else 0
    group = node.args.get("group")
    if group is None or group.name == "0":
        group = exp.Literal.number(default)
    rest = call("substr", node.this, position)
    return call("regexp_extract_all", rest, node.expression, group, text(options(parameters)))


def occurrence(node: exp.Expr) -> exp.Expr:
    """Return one occurrence of a regular expression, null if it is absent."""
    number = node.args.get("occurrence") or exp.Literal.number(1)
    return call("list_extract", found(node), number, type_="TEXT")


def count(node: exp.Expr) -> exp.Expr:
    """Return the number of occurrences of a regular expression."""
    return exp.cast(call("len", found(node)), "BIGINT")
