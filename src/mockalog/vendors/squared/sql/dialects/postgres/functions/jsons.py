"""json and jsonb (manual, 9.16). DuckDB keeps both as texts; the printer gives jsonb its form."""

from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.marks import INTEGERS, pg, typed
from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

MACROS = (
    "CREATE MACRO _pg_json_list(j) AS from_json(j, '[\"JSON\"]')",
    "CREATE MACRO _pg_json_texts(j) AS list_transform(_pg_json_list(j),"
    " lambda _e: json_extract_string(_e, '$'))",
    "CREATE MACRO _pg_json_rows(j) AS CASE WHEN json_type(j) = 'ARRAY' OR j IS NULL"
    " THEN _pg_json_list(j) WHEN json_type(j) = 'OBJECT'"
    " THEN error('cannot extract elements from an object')"
    " ELSE error('cannot extract elements from a scalar') END",
    "CREATE MACRO _pg_key(k) AS '/' || replace(replace(k, '~', '~0'), '/', '~1')",
    "CREATE MACRO _pg_json_path(p) AS array_to_string("
    "list_transform(p, lambda _k: _pg_key(_k)), '')",
    "CREATE MACRO _pg_json_get(j, p) AS json_extract(j, _pg_json_path(p))",
    "CREATE MACRO _pg_json_type(j) AS CASE json_type(j) WHEN 'OBJECT' THEN 'object'"
    " WHEN 'ARRAY' THEN 'array' WHEN 'VARCHAR' THEN 'string' WHEN 'BOOLEAN' THEN 'boolean'"
    " WHEN 'NULL' THEN 'null' ELSE CASE WHEN json_type(j) IS NULL THEN NULL ELSE 'number' END END",
    "CREATE MACRO _pg_json_length(j) AS CASE json_type(j) WHEN 'ARRAY' THEN json_array_length(j)"
    " WHEN 'OBJECT' THEN error('cannot get array length of a non-array')"
    " ELSE CASE WHEN j IS NULL THEN NULL ELSE error('cannot get array length of a scalar') END END",
    "CREATE MACRO _pg_json_has(j, k) AS CASE json_type(j)"
    " WHEN 'OBJECT' THEN list_contains(json_keys(j), k)"
    " WHEN 'ARRAY' THEN list_contains(_pg_json_texts(j), k) WHEN 'VARCHAR'"
    " THEN json_extract_string(j, '$') = k ELSE CASE WHEN j IS NULL THEN NULL ELSE false END END",
    "CREATE MACRO _pg_json_has_any(j, k) AS list_has_any(CASE json_type(j)"
    " WHEN 'OBJECT' THEN json_keys(j) WHEN 'ARRAY' THEN _pg_json_texts(j) ELSE [] END, k)",
    "CREATE MACRO _pg_json_has_all(j, k) AS list_has_all(CASE json_type(j)"
    " WHEN 'OBJECT' THEN json_keys(j) WHEN 'ARRAY' THEN _pg_json_texts(j) ELSE [] END, k)",
    "CREATE MACRO _pg_json_keys(j) AS list_sort(json_keys(j))",
    "CREATE MACRO _pg_json_values(j) AS list_transform(_pg_json_keys(j),"
    " lambda _k: json_extract(j, _pg_key(_k)))",
    "CREATE MACRO _pg_json_members(j, without) AS list_transform(list_filter(json_keys(j),"
    " lambda _k: NOT list_contains(without, _k)),"
    " lambda _k: json_quote(_k) || ':' || json_extract(j, _pg_key(_k)))",
    "CREATE MACRO _pg_json_object(members) AS ('{' || array_to_string(members, ',') || '}')::JSON",
    "CREATE MACRO _pg_json_array(elements) AS ('[' || array_to_string(elements, ',') || ']')::JSON",
    "CREATE MACRO _pg_json_elements(j) AS CASE json_type(j) WHEN 'ARRAY'"
    " THEN list_transform(_pg_json_list(j), lambda _e: _e::VARCHAR) ELSE [j::VARCHAR] END",
    "CREATE MACRO _pg_json_concat(a, b) AS CASE"
    " WHEN a IS NULL OR b IS NULL THEN NULL"
    " WHEN json_type(a) = 'OBJECT' AND json_type(b) = 'OBJECT' THEN _pg_json_object(list_concat("
    "_pg_json_members(a, json_keys(b)), _pg_json_members(b, [])))"
    " ELSE _pg_json_array(list_concat(_pg_json_elements(a), _pg_json_elements(b))) END",
    "CREATE MACRO _pg_json_without_keys(j, keys) AS CASE json_type(j)"
    " WHEN 'OBJECT' THEN _pg_json_object(_pg_json_members(j, keys))"
    " WHEN 'ARRAY' THEN _pg_json_array(list_transform(list_filter(_pg_json_list(j),"
    " lambda _e: json_type(_e) <> 'VARCHAR' OR NOT list_contains(keys,"
    " json_extract_string(_e, '$'))), lambda _e: _e::VARCHAR))"
    " ELSE CASE WHEN j IS NULL THEN NULL ELSE error('cannot delete from scalar') END END",
    # The members of stored values have jsonb's order (see `engine/database.py`): only the blanks
    # after marks outside of texts are missing.
    "CREATE MACRO _pg_json_text(j) AS array_to_string(list_transform(regexp_extract_all(j::VARCHAR,"
    ' \'"(?:[^"\\\\]|\\\\.)*"|[^"]+\'), lambda _p: CASE WHEN starts_with(_p, \'"\') THEN _p'
    " ELSE replace(replace(regexp_replace(_p, '\\s+', '', 'g'), ',', ', '), ':', ': ') END), '')",
    "CREATE MACRO _pg_json_scalar(j) AS CASE WHEN json_type(j) IN ('OBJECT', 'ARRAY')"
    " THEN error('json within json is not supported') ELSE json_extract_string(j, '$') END",
    "CREATE MACRO _pg_json_out(j) AS CASE WHEN json_type(j) IN ('OBJECT', 'ARRAY')"
    " THEN _pg_json_text(j) ELSE json_extract_string(j, '$') END",
    "CREATE MACRO _pg_json_value_texts(j) AS list_transform(_pg_json_keys(j),"
    " lambda _k: _pg_json_out(json_extract(j, _pg_key(_k))))",
    "CREATE MACRO _pg_json_get_text(j, p) AS _pg_json_out(json_extract(j, _pg_json_path(p)))",
)


def _keys(path: Any) -> list[str]:
    """Return the keys of a path that the query writes."""
    array = path.this if isinstance(path, exp.Cast) else path
    if not isinstance(array, exp.Array):
        raise QueryError("other", name="a path that is no literal is not supported")
    return [str(one.unnest().name) for one in array.expressions]


def _get(node: Any) -> exp.Expr:
    name = "_pg_json_get_text" if isinstance(node, exp.JSONBExtractScalar) else "_pg_json_get"
    return typed(call(name, node.this, node.expression), pg(node))  # type: ignore[no-any-return]


def _member(node: Any) -> exp.Expr:
    """Return a member; DuckDB's arrow would be a lambda within a call."""
    if isinstance(node, exp.JSONExtractScalar):
        member = _member_of(node)
        if pg(node.this) == "jsonb":
            return typed(call("_pg_json_out", member), "text")  # type: ignore[no-any-return]
        return typed(call("_pg_json_scalar", member), "text")  # type: ignore[no-any-return]
    return typed(_member_of(node), pg(node))  # type: ignore[no-any-return]


def _member_of(node: Any) -> exp.Expr:
    name, path = "json_extract", node.expression
    if isinstance(path, exp.JSONPath):
        steps = [_step(one) for one in path.expressions[1:]]
        return call(name, node.this, text("$" + "".join(steps)))
    if pg(path) in INTEGERS:
        path = exp.DPipe(this=exp.DPipe(this=text("$["), expression=path), expression=text("]"))
    else:
        path = call("_pg_key", path)
    return call(name, node.this, path)


def _step(step: Any) -> str:
    if isinstance(step, exp.JSONPathKey):
        quoted = str(step.this).replace('"', '\\"')
        return f'."{quoted}"'
    at = int(step.this)
    return f"[#{at}]" if at < 0 else f"[{at}]"


def _extract_path(node: exp.Anonymous) -> exp.Expr:
    value, *keys = node.expressions
    name = "_pg_json_get_text" if node.name.lower().endswith("text") else "_pg_json_get"
    return call(name, value, exp.Array(expressions=keys))


def _set(node: exp.Anonymous) -> exp.Expr:
    value, path, new, *create = node.expressions
    name = "json_set"
    if create and isinstance(create[0], exp.Boolean) and not create[0].this:
        name = "json_replace"
    shown = "$" + "".join(f"[{one}]" if one.isdigit() else f'."{one}"' for one in _keys(path))
    return typed(call(name, value, text(shown), new), "jsonb")  # type: ignore[no-any-return]


def _without_path(node: exp.JSONBDeleteAtPath) -> exp.Expr:
    keys = _keys(node.expression)
    shown = "$" + "".join(f"[{one}]" if one.isdigit() else f'."{one}"' for one in keys)
    return typed(call("json_remove", node.this, text(shown)), "jsonb")  # type: ignore[no-any-return]


# Any: any kind of node.
def without(value: Any, keys: Any) -> exp.Expr:
    """Return a value without a key, some keys, or the element of a number."""
    if pg(keys) in INTEGERS:
        at = exp.DPipe(this=exp.DPipe(this=text("$["), expression=exp.cast(keys, "TEXT")),
                       expression=text("]"))  # fmt: skip
        return typed(call("json_remove", value, at), "jsonb")  # type: ignore[no-any-return]
    if not (pg(keys) or "").endswith("[]"):
        keys = exp.Array(expressions=[keys])
    return typed(call("_pg_json_without_keys", value, keys), "jsonb")  # type: ignore[no-any-return]


def _contains(node: Any) -> exp.Expr:
    """Return whether the first holds the second, of arrays or of jsonb."""
    outer, inner = node.this, node.expression
    if isinstance(node, exp.ArrayContainedBy):
        outer, inner = inner, outer
    of_json = "jsonb" in (pg(outer), pg(inner))
    return typed(call("json_contains" if of_json else "list_has_all", outer, inner), "bool")  # type: ignore[no-any-return]


def _has(node: Any) -> exp.Expr:
    names = {
        exp.JSONBContainsTopKey: "_pg_json_has",
        exp.JSONBContainsAnyTopKeys: "_pg_json_has_any",
        exp.JSONBContainsAllTopKeys: "_pg_json_has_all",
    }
    return typed(call(names[type(node)], node.this, node.expression), "bool")  # type: ignore[no-any-return]


def _compared(node: Any) -> exp.Expr:
    """Compare jsonb by its own form."""
    for one in (node.this, node.expression):
        if pg(one) == "jsonb":
            one.replace(typed(call("_pg_json_text", one.copy()), "text"))
    return node  # type: ignore[no-any-return]


def _rows(function: str) -> Any:
    def rule(node: exp.Anonymous) -> exp.Expr:
        return call("unnest", call(function, *node.expressions))

    return rule


# Any: a rule takes its own kind of node.
NODES: dict[type[exp.Expr], Any] = {
    exp.JSONExtract: _member,
    exp.JSONExtractScalar: _member,
    exp.JSONBExtract: _get,
    exp.JSONBExtractScalar: _get,
    exp.JSONBDeleteAtPath: _without_path,
    exp.ArrayContainsAll: _contains,
    exp.ArrayContainedBy: _contains,
    exp.JSONBContainsTopKey: _has,
    exp.JSONBContainsAnyTopKeys: _has,
    exp.JSONBContainsAllTopKeys: _has,
    exp.EQ: _compared,
    exp.NEQ: _compared,
}
_BOTH = {
    "array_length": "_pg_json_length",
    "typeof": "_pg_json_type",
    "extract_path": _extract_path,
    "extract_path_text": _extract_path,
    "object_keys": _rows("_pg_json_keys"),
    "array_elements": _rows("_pg_json_rows"),
    "array_elements_text": _rows("_pg_json_texts"),
    "strip_nulls": "json_strip_nulls",
    "pretty": "json_pretty",
}
FUNCTIONS = {
    **{f"{kind}_{name}": rule for kind in ("json", "jsonb") for name, rule in _BOTH.items()},
    "jsonb_set": _set,
    "_pg_json_each_key": _rows("_pg_json_keys"),
    "_pg_json_each_value": _rows("_pg_json_values"),
    "_pg_json_each_text": _rows("_pg_json_value_texts"),
}
