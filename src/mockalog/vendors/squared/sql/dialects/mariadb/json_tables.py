"""JSON_TABLE: the parts of a document as rows.

Source: MariaDB's Knowledge Base, "JSON_TABLE".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.mariadb.documents import document
from mockalog.vendors.squared.sql.dialects.rules import Rules, call
from mockalog.vendors.squared.sql.problems import QueryError

_PART, _NUMBER = "_part", "_number"


def _with_rows(tree: exp.Query) -> exp.Query:
    for table in list(tree.find_all(exp.Table)):
        if isinstance(table.this, exp.JSONTable):
            rows = exp.Subquery(this=_rows(table.this))
            table.replace(exp.Lateral(this=rows, alias=table.args.get("alias")))
    return tree


def _rows(table: exp.JSONTable) -> exp.Select:
    whole = document(table.this.copy())
    if not isinstance(table.args.get("path"), exp.Literal) or table.args.get("schema") is None:
        raise QueryError("other", name="JSON_TABLE without a path")
    path = table.args["path"].copy()
    parts: exp.Expr = call("json_extract", whole, path)
    if "*" not in path.name:
        parts = exp.Array(expressions=[parts])
    inner = exp.select(
        exp.alias_(call("unnest", parts), _PART),
        exp.alias_(call("generate_subscripts", parts.copy(), exp.Literal.number(1)), _NUMBER),
    )
    columns = [_column(one) for one in table.args["schema"].expressions]
    return exp.select(*columns).from_(inner.subquery("_parts"))


def _column(column: exp.JSONColumnDef) -> exp.Expr:
    if column.args.get("ordinality"):
        return exp.alias_(exp.column(_NUMBER), column.this.copy())
    if not isinstance(column.args.get("path"), exp.Literal) or column.args.get("kind") is None:
        raise QueryError("other", name="NESTED PATH of JSON_TABLE")
    name = column.this.copy()
    value = call("_my_json_value", exp.column(_PART), column.args["path"].copy(), type_="TEXT")
    type_ = column.args["kind"]
    if type_.is_type(*exp.DataType.TEXT_TYPES):
        return exp.alias_(value, name)
    return exp.alias_(exp.TryCast(this=value, to=type_.copy()), name)


RULES = Rules(trees=(_with_rows,))
