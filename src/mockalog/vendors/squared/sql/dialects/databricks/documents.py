"""JSON in texts: paths give texts, `from_json` gives values by a schema.

Source: Databricks' SQL reference: "JSON path expression", from_json, get_json_object.
"""

from typing import Any

from sqlglot import exp
from sqlglot.errors import SqlglotError

from mockalog.vendors.squared.sql.dialects.kinds import annotated, kind
from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text
from mockalog.vendors.squared.sql.problems import QueryError


def document(node: exp.Expr) -> exp.Expr:
    """Return a value as a JSON document; null if it is none."""
    return node if kind(node) == "json" else call("_spark_json", node, type_="JSON")


def _path(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.JSONPath):
        return text(node.sql(dialect="duckdb").strip("'"))
    return node


def _extract(node: Any) -> exp.Expr:
    return call("json_extract_string", document(node.this), _path(node.expression), type_="TEXT")


def _from_json(node: Any) -> exp.Expr:
    schema = node.expression
    if not isinstance(schema, exp.Literal):
        raise QueryError("function", name="from_json")
    type_ = schema_of(schema.name)
    return call("json_transform", document(node.this), text(_structure(type_)))


def schema_of(schema: str) -> exp.DataType:
    """Return the type that a schema of `from_json` describes."""
    try:
        return exp.DataType.build(schema, dialect="databricks")
    except (SqlglotError, IndexError, ValueError):
        fields = ", ".join(_fields(schema))
        return exp.DataType.build(f"STRUCT<{fields}>", dialect="databricks")


def _fields(schema: str) -> list[str]:
    return [": ".join(field.strip().split(None, 1)) for field in schema.split(",") if field]


def _structure(type_: exp.DataType) -> str:
    """Return DuckDB's description of a JSON structure."""
    if type_.is_type(exp.DType.ARRAY):
        return f"[{_structure(type_.expressions[0])}]"
    if type_.is_type(exp.DType.STRUCT):
        if not type_.expressions:
            raise QueryError("function", name="from_json")
        fields = [f'"{one.name}": {_structure(one.args["kind"])}' for one in type_.expressions]
        return "{" + ", ".join(fields) + "}"
    if type_.is_type(exp.DType.MAP):
        return f'"{type_.sql("duckdb")}"'
    return f'"{type_.sql("duckdb")}"'


def _annotate_schema(annotator: Any, node: exp.FromJson) -> exp.Expr:
    is_literal = isinstance(node.expression, exp.Literal)
    annotator._set_type(node, schema_of(node.expression.name) if is_literal else exp.DType.UNKNOWN)
    return node


RULES = Rules(
    nodes={
        exp.JSONExtract: _extract,
        exp.JSONExtractScalar: _extract,
        exp.FromJson: _from_json,
        exp.JSONFormat: lambda node: call("_spark_to_json", node.this, type_="TEXT"),
    },
    functions={
        "json_array_length": lambda node: call(
            "json_array_length", document(node.expressions[0]), type_="INT"
        ),
        "json_object_keys": lambda node: call("json_keys", document(node.expressions[0])),
    },
    types={
        exp.JSONExtract: annotated("TEXT"),
        exp.JSONExtractScalar: annotated("TEXT"),
        exp.FromJson: _annotate_schema,
    },
    function_types={"json_array_length": "INT"},
    macros=(
        "CREATE MACRO _spark_json(x) AS TRY_CAST(x AS JSON)",
        "CREATE MACRO _spark_to_json(x) AS CAST(json_strip_nulls(to_json(x)) AS VARCHAR)",
    ),
)
