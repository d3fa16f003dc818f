"""JSON: `json_extract_scalar` gives scalars only, `json_value` and `json_query` have path modes.

Source: Trino's documentation, "JSON functions and operators".
"""

import re

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.kinds import annotated, kind
from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text

_MODE = re.compile(r"^\s*(?:lax|strict)\s+")


def _document(node: exp.Expr) -> exp.Expr:
    return node if kind(node) == "json" else call("_trino_json", node, type_="JSON")


def _path(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.JSONPath):
        return text(node.sql(dialect="duckdb").strip("'"))
    return text(_MODE.sub("", node.name)) if isinstance(node, exp.Literal) else node


def _scalar(node: exp.JSONExtractScalar) -> exp.Expr:
    return call("_trino_scalar", _document(node.this), _path(node.expression), type_="TEXT")


def _value(node: exp.JSONValue) -> exp.Expr:
    return call("_trino_scalar", _document(node.this), _path(node.args["path"]), type_="TEXT")


def _extract(node: exp.JSONExtract) -> exp.Expr:
    return call("json_extract", _document(node.this), _path(node.expression), type_="JSON")


def _contains(node: exp.JSONArrayContains) -> exp.Expr:
    value = call("to_json", node.expression)
    return call("_trino_json_has", _document(node.this), value, type_="BOOLEAN")


def _size(node: exp.Anonymous) -> exp.Expr:
    whole, path = node.expressions
    return call("_trino_json_size", _document(whole), _path(path), type_="BIGINT")


def _length(node: exp.Anonymous) -> exp.Expr:
    return call("_trino_json_length", _document(node.expressions[0]), type_="BIGINT")


RULES = Rules(
    nodes={
        exp.JSONExtractScalar: _scalar,
        exp.JSONValue: _value,
        exp.JSONExtract: _extract,
        exp.JSONArrayContains: _contains,
    },
    functions={"json_size": _size, "json_array_length": _length},
    types={
        exp.JSONExtract: annotated("JSON"),
        **dict.fromkeys((exp.JSONExtractScalar, exp.JSONValue), annotated("TEXT")),
    },
    function_types={"json_size": "BIGINT", "json_array_length": "BIGINT"},
    macros=(
        "CREATE MACRO _trino_json(x) AS TRY_CAST(x AS JSON)",
        "CREATE MACRO _trino_scalar(x, p) AS CASE WHEN json_type(x, p) IN ('OBJECT', 'ARRAY')"
        " THEN NULL ELSE json_extract_string(x, p) END",
        "CREATE MACRO _trino_json_length(x) AS CASE json_type(x) WHEN 'ARRAY'"
        " THEN json_array_length(x) END",
        "CREATE MACRO _trino_json_size(x, p) AS CASE json_type(x, p) WHEN 'ARRAY'"
        " THEN json_array_length(x, p) WHEN 'OBJECT' THEN len(json_keys(x, p))"
        " ELSE CASE WHEN json_exists(x, p) THEN 0 END END",
        "CREATE MACRO _trino_json_has(x, v) AS CASE json_type(x) WHEN 'ARRAY'"
        " THEN json_contains(x, v) END",
    ),
)
