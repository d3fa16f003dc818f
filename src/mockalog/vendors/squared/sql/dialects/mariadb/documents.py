"""JSON functions: MariaDB's JSON is a text; results print with blanks after marks.

Source: MariaDB's Knowledge Base, "JSON Functions", and a MariaDB 10.11, measured.
"""

from functools import reduce
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.kinds import annotated
from mockalog.vendors.squared.sql.dialects.mariadb.kinds import kind, rounded, scale, text
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError


def document(node: exp.Expr) -> exp.Expr:
    """Return a value as a JSON document; null if it is none."""
    return node if kind(node) == "json" else call("_my_json", text(node), type_="JSON")


def _path(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.JSONPath):
        return exp.Literal.string(node.sql(dialect="mysql").strip("'"))
    return node


def part_of(whole: exp.Expr, path: exp.Expr) -> exp.Expr:
    """Return the part of a document at a path; one of several parts is their array."""
    if isinstance(path, exp.Literal) and "*" in path.name:
        return call("to_json", call("json_extract", whole, path), type_="JSON")
    return call("json_extract", whole, path, type_="JSON")


def _value(node: exp.Expr) -> exp.Expr:
    """Return a value as it goes into a document."""
    if kind(node) == "double":
        return call("_my_json", text(node), type_="JSON")
    return rounded(node) if kind(node) == "decimal" and scale(node) else node


def _extract(node: exp.JSONExtract) -> exp.Expr:
    if "only_json_types" in node.args and node.args["only_json_types"] is not None:
        raise QueryError("syntax", name=f">{_path(node.expression).sql()}")
    if node.expressions:
        raise QueryError("other", name="several paths of JSON_EXTRACT")
    return part_of(document(node.this), _path(node.expression))


def _arrow(node: exp.JSONExtractScalar) -> exp.Expr:
    raise QueryError("syntax", name=f">>{_path(node.expression).sql()}")


def _json_value(node: exp.JSONValue) -> exp.Expr:
    return call("_my_json_value", document(node.this), _path(node.args["path"]), type_="BINARY")


def _of_document(name: str, type_: str) -> Any:
    """Return a rule: a function of a document, and of a path in it or of other texts."""

    # Any: a node of one type.
    def rule(node: Any) -> exp.Expr:
        found = (
            node.expressions if isinstance(node, exp.Anonymous) else [node.this, node.expression]
        )
        first, *others = [one for one in found if one is not None and one != []]
        return call(name, document(first), *(_path(one) for one in others), type_=type_)

    return rule


def _within(name: str, type_: str) -> Any:
    """Return a rule: a function of a document, or of the part of it at a path."""

    # Any: a node of one type.
    def rule(node: Any) -> exp.Expr:
        found = (
            node.expressions if isinstance(node, exp.Anonymous) else [node.this, node.expression]
        )
        first, *paths = [one for one in found if one is not None and one != []]
        part = document(first)
        if paths:
            part = part_of(part, _path(paths[0]))
        return call(name, part, type_=type_)

    return rule


def _unquote(node: exp.Anonymous) -> exp.Expr:
    value = node.expressions[0]
    name = "_my_unquote" if kind(value) == "json" else "_my_unquote_text"
    return call(name, value, type_="BINARY")


def _contains(node: exp.Anonymous) -> exp.Expr:
    whole, value, *paths = node.expressions
    part = document(whole)
    if paths:
        part = part_of(part, _path(paths[0]))
    return call("json_contains", part, document(value), type_="BOOLEAN")


def _contains_path(node: exp.Anonymous) -> exp.Expr:
    whole, how, *paths = node.expressions
    checks: list[exp.Expr] = [
        call("json_exists", document(whole).copy(), _path(one)) for one in paths
    ]
    joiner = exp.Or if how.name.lower() == "one" else exp.And
    joined: exp.Expr = reduce(lambda a, b: joiner(this=a, expression=b), checks)
    joined = exp.paren(joined)
    joined.type = exp.DataType.build("BOOLEAN")
    return joined


def _object(node: exp.JSONObject) -> exp.Expr:
    pairs = [
        part for pair in node.expressions for part in (text(pair.this), _value(pair.expression))
    ]
    return call("json_object", *pairs, type_="JSON")


def _array(node: exp.Anonymous) -> exp.Expr:
    return call("json_array", *(_value(one) for one in node.expressions), type_="JSON")


def _array_of_rows(node: exp.Anonymous) -> exp.Expr:
    value = node.expressions[0]
    if isinstance(value, exp.Order):
        value.set("this", _value(value.this))
    else:
        value = _value(value)
    return exp.cast(call("to_json", call("list", value)), "TEXT")


def _object_of_rows(node: exp.JSONObjectAgg) -> exp.Expr:
    pair = node.expressions[0]
    return call("_my_object_agg", text(pair.this), _value(pair.expression), type_="TEXT")


def _changed(name: str) -> Any:
    """Return a rule: a document with values at paths."""

    # Any: a node of one type.
    def rule(node: Any) -> exp.Expr:
        found = node.expressions
        first = found[0] if isinstance(node, exp.Anonymous) else node.this
        rest = found[1:] if isinstance(node, exp.Anonymous) else found
        changed = document(first)
        for path, value in zip(rest[::2], rest[1::2], strict=True):
            changed = call(name, changed, _path(path), call("to_json", _value(value)))
        changed.type = exp.DataType.build("JSON")
        return changed

    return rule


def _removed(node: Any) -> exp.Expr:
    first, *paths = (
        node.expressions if isinstance(node, exp.Anonymous) else [node.this, *node.expressions]
    )
    return reduce(
        lambda a, path: call("json_remove", a, _path(path), type_="JSON"), paths, document(first)
    )


def _length(node: exp.Anonymous) -> exp.Expr:
    first, *paths = node.expressions
    part = document(first)
    if paths:
        part = part_of(part, _path(paths[0]))
    return call("_my_json_length", part, type_="BIGINT")


def _valid(node: exp.Anonymous) -> exp.Expr:
    return call("_my_json_valid", text(node.expressions[0]), type_="BOOLEAN")


RULES = Rules(
    nodes={
        exp.JSONExtract: _extract,
        exp.JSONExtractScalar: _arrow,
        exp.JSONValue: _json_value,
        exp.JSONKeys: _within("_my_json_keys", "JSON"),
        exp.JSONType: _within("_my_json_type", "TEXT"),
        exp.JSONObject: _object,
        exp.JSONObjectAgg: _object_of_rows,
        exp.JSONSet: _changed("json_set"),
        exp.JSONRemove: _removed,
    },
    functions={
        "json_array": _array,
        "json_arrayagg": _array_of_rows,
        "json_compact": _within("_my_json_compact", "TEXT"),
        "json_contains": _contains,
        "json_contains_path": _contains_path,
        "json_exists": _of_document("json_exists", "BOOLEAN"),
        "json_insert": _changed("json_insert"),
        "json_length": _length,
        "json_merge_patch": lambda node: call(
            "json_merge_patch", *(document(one) for one in node.expressions), type_="JSON"
        ),
        "json_query": _of_document("_my_json_query", "JSON"),
        "json_quote": lambda node: call("_my_json_quote", text(node.expressions[0]), type_="TEXT"),
        "json_remove": _removed,
        "json_replace": _changed("json_replace"),
        "json_unquote": _unquote,
        "json_valid": _valid,
    },
    types={
        exp.JSONValue: annotated("BINARY"),
        exp.JSONExtract: annotated("JSON"),
        exp.JSONKeys: annotated("JSON"),
        exp.JSONType: annotated("TEXT"),
        exp.JSONObjectAgg: annotated("TEXT"),
    },
    function_types={
        "json_array": "JSON",
        "json_arrayagg": "TEXT",
        "json_contains": "BOOLEAN",
        "json_contains_path": "BOOLEAN",
        "json_exists": "BOOLEAN",
        "json_insert": "JSON",
        "json_length": "BIGINT",
        "json_merge_patch": "JSON",
        "json_query": "JSON",
        "json_quote": "TEXT",
        "json_remove": "JSON",
        "json_replace": "JSON",
        "json_unquote": "BINARY",
        "json_valid": "BOOLEAN",
    },
    macros=(
        "CREATE MACRO _my_json(x) AS TRY_CAST(x AS JSON)",
        "CREATE MACRO _my_json_value(x, p) AS CASE json_type(x, p) WHEN 'OBJECT' THEN NULL"
        " WHEN 'ARRAY' THEN NULL WHEN 'NULL' THEN NULL WHEN 'BOOLEAN'"
        " THEN CASE json_extract_string(x, p) WHEN 'true' THEN '1' ELSE '0' END"
        " ELSE json_extract_string(x, p) END",
        "CREATE MACRO _my_json_query(x, p) AS CASE WHEN json_type(x, p) IN ('OBJECT', 'ARRAY')"
        " THEN json_extract(x, p) END",
        "CREATE MACRO _my_json_keys(x) AS CASE json_type(x) WHEN 'OBJECT'"
        " THEN to_json(json_keys(x)) END",
        "CREATE MACRO _my_json_type(x) AS CASE json_type(x) WHEN 'VARCHAR' THEN 'STRING'"
        " WHEN 'BIGINT' THEN 'INTEGER' WHEN 'UBIGINT' THEN 'INTEGER' ELSE json_type(x) END",
        "CREATE MACRO _my_json_length(x) AS CASE json_type(x) WHEN 'ARRAY'"
        " THEN json_array_length(x) WHEN 'OBJECT' THEN len(json_keys(x))"
        " ELSE CASE WHEN x IS NOT NULL THEN 1 END END",
        "CREATE MACRO _my_json_valid(x) AS coalesce(json_valid(x), false)",
        "CREATE MACRO _my_json_compact(x) AS CAST(x AS VARCHAR)",
        "CREATE MACRO _my_json_quote(x) AS CAST(to_json(x) AS VARCHAR)",
        "CREATE MACRO _my_unquote_text(x) AS CASE WHEN x LIKE '\"%\"' AND json_valid(x)"
        " THEN x ->> '$' ELSE x END",
        "CREATE MACRO _my_object_agg(k, v) AS '{' || string_agg(CAST(to_json(k) AS VARCHAR) || ':'"
        " || coalesce(CAST(to_json(v) AS VARCHAR), 'null'), ', ') || '}'",
    ),
)
