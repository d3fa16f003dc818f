"""The type of each expression, and PostgreSQL's refusals of types that do not fit.

Source: manual, chapter 10, "Type Conversion"; the texts are measured on PostgreSQL 18.4.
"""

from typing import Any

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from mockalog.vendors.squared.sql.dialects.postgres.types import calls, clauses
from mockalog.vendors.squared.sql.dialects.postgres.types.casts import cast_type
from mockalog.vendors.squared.sql.dialects.postgres.types.catalog import UNKNOWN
from mockalog.vendors.squared.sql.dialects.postgres.types.columns import column_type
from mockalog.vendors.squared.sql.dialects.postgres.types.marks import (
    name_of,
    pg,
    typed,
)
from mockalog.vendors.squared.sql.dialects.postgres.types.operands import (
    check_truth,
    common,
    extracted,
    first_type,
    operated,
    operator_type,
    settle,
)
from mockalog.vendors.squared.sql.problems import QueryError
from mockalog.vendors.squared.sql.tables import Schema

_SIGNS: dict[type[exp.Expr], str] = {
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
    exp.Pow: "^",
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.NullSafeEQ: "=",
    exp.NullSafeNEQ: "=",
    exp.DPipe: "||",
    exp.Like: "~~",
    exp.ILike: "~~*",
    exp.SimilarTo: "~",
    exp.RegexpLike: "~",
    exp.RegexpILike: "~*",
    exp.BitwiseAnd: "&",
    exp.BitwiseOr: "|",
    exp.BitwiseXor: "#",
    exp.BitwiseLeftShift: "<<",
    exp.BitwiseRightShift: ">>",
    exp.JSONBExtract: "#>",
    exp.JSONBExtractScalar: "#>>",
    exp.ArrayContainsAll: "@>",
    exp.ArrayContainedBy: "<@",
    exp.ArrayOverlaps: "&&",
    exp.JSONBContainsTopKey: "?",
    exp.JSONBContainsAnyTopKeys: "?|",
    exp.JSONBContainsAllTopKeys: "?&",
    exp.JSONBDeleteAtPath: "#-",
    exp.JSONBPathExists: "@?",
    exp.StartsWith: "^@",
}
"""The operator of each node."""

_BOOLEAN = (exp.And, exp.Or, exp.Not, exp.Is, exp.Exists, exp.Boolean, exp.In, exp.Between)
_CLOCK: dict[type[exp.Expr], str] = {
    exp.CurrentDate: "date",
    exp.CurrentTimestamp: "timestamptz",
    exp.Localtimestamp: "timestamp",
    exp.CurrentTime: "time",
    exp.Localtime: "time",
    exp.CurrentUser: "text",
    exp.Interval: "interval",
}
_SAME = (exp.Paren, exp.Alias, exp.Window, exp.Filter, exp.Ordered, exp.Order, exp.Collate)
_MATCHED = {exp.Coalesce: "COALESCE", exp.Greatest: "GREATEST", exp.Least: "LEAST"}


def annotate(tree: exp.Query, columns: Schema) -> exp.Query:
    """Give each node its type; raises `QueryError` where PostgreSQL does."""
    Typer(columns).run(tree)
    return tree


class Typer:
    """Finds the types of a query, inner queries first."""

    def __init__(self, columns: Schema) -> None:
        self._names = frozenset(columns)
        self._columns = {name.lower(): types for name, types in columns.items()}

    def run(self, tree: exp.Query) -> None:
        """Give each node of a query its type."""
        self._check_tables(tree)
        for values in tree.find_all(exp.Values):
            for node in reversed(list(values.walk())):
                typed(node, self._type_of(node, None))
        for scope in traverse_scope(tree):
            clauses.check(scope.expression)
            for node in reversed(list(scope.walk())):
                typed(node, self._type_of(node, scope))
            if isinstance(scope.expression, exp.SetOperation):
                _check_union(scope.expression)
            else:
                _check_conditions(scope.expression)

    def _check_tables(self, tree: exp.Query) -> None:
        """Raise `QueryError` for a quoted table that is found only without quotes."""
        for table in tree.find_all(exp.Table):
            name = table.this
            is_quoted = isinstance(name, exp.Identifier) and name.args.get("quoted")
            is_stored = name.name.lower() in self._columns if is_quoted else False
            if is_stored and name.name not in self._names:
                raise QueryError("table", name=name.name)

    def _type_of(self, node: Any, scope: Any) -> str | None:
        kind = type(node)
        if kind in _SIGNS:
            return operator_type(node, _SIGNS[kind])
        if kind in _CLOCK:
            return _CLOCK[kind]
        if kind is exp.Column:
            return column_type(node, scope)
        if kind is exp.TableColumn:
            node.meta["columns"] = self._members(scope.sources.get(node.name))
            return "record"
        if kind in _SAME:
            return pg(node.this)
        if kind is exp.WithinGroup:
            return calls.ordered_type(node)
        if isinstance(node, exp.Connector | exp.Not):
            return _connected(node)
        if isinstance(node, _BOOLEAN):
            return _compared(node)
        if kind is exp.Literal:
            return _literal_type(node)
        if kind in _MATCHED:
            return common([node.this, *node.expressions], _MATCHED[kind])
        return _other_type(node)

    def _members(self, source: Any) -> list[tuple[str, str]]:
        """Return the names and types of a row."""
        if isinstance(source, Scope) and isinstance(source.expression, exp.Query):
            query = source.expression
            for one in query.selects:
                if pg(one) == "numeric" and not isinstance(one.unalias(), exp.Column):
                    raise QueryError("other", name="rows of computed numbers are not supported")
            return [(one.alias_or_name, pg(one) or "") for one in query.selects]
        types = self._columns.get(source.name.lower(), {}) if isinstance(source, exp.Table) else {}
        found = [(name, name_of(exp.DataType.build(type_))) for name, type_ in types.items()]
        return [(name, "jsonb" if one == "json" else one or "") for name, one in found]


def _other_type(node: Any) -> str | None:
    if isinstance(node, exp.Cast):
        return cast_type(node)
    if isinstance(node, exp.Case):
        branches = [one.args["true"] for one in node.args["ifs"]]
        default = node.args.get("default")
        _check_case(node)
        return common([*([default] if default is not None else []), *branches], "CASE")
    if isinstance(node, exp.Nullif):
        operator_type(node, "=")
        return pg(node.this)
    if isinstance(node, exp.Neg | exp.BitwiseNot):
        return operator_type(node, "-" if isinstance(node, exp.Neg) else "~")
    if isinstance(node, exp.JSONExtract | exp.JSONExtractScalar):
        return extracted(node)
    if isinstance(node, exp.Subquery):
        return first_type(node.this)
    if isinstance(node, exp.Array):
        return _array_type(node)
    if isinstance(node, exp.AtTimeZone):
        return _in_zone(node)
    if isinstance(node, exp.Bracket):
        return _element_type(node)
    if isinstance(node, exp.Grouping):
        return "int4"
    if isinstance(node, exp.Tuple):
        return "record"
    if isinstance(node, exp.Null):
        return UNKNOWN
    if isinstance(node, exp.ByteString | exp.RawString | exp.UnicodeString):
        return "text"
    return calls.call_type(node)


def _literal_type(node: exp.Literal) -> str:
    if node.is_string:
        return UNKNOWN
    if not node.name.isdigit():
        return "numeric"
    size = int(node.name)
    return "int4" if size < 2**31 else "int8" if size < 2**63 else "numeric"


def _check_case(node: exp.Case) -> None:
    for one in node.args["ifs"]:
        if node.this is not None:
            operated([node.this, one.this], "=")
        else:
            check_truth(one.this, "CASE/WHEN")


def _connected(node: Any) -> str:
    what = type(node).__name__.upper()
    for one in (node.this, node.args.get("expression")):
        if one is not None:
            check_truth(one, what)
    return "bool"


def _compared(node: Any) -> str:
    if isinstance(node, exp.In):
        for one in node.expressions:
            operated([node.this, one], "=")
        query = node.args.get("query")
        if query is not None and not isinstance(node.this, exp.Tuple):
            inner = typed(exp.Placeholder(), first_type(query.unnest()))
            operated([node.this, inner], "=")
    elif isinstance(node, exp.Between):
        operated([node.this, node.args["low"]], ">=")
        operated([node.this, node.args["high"]], "<=")
    elif isinstance(node, exp.Is) and isinstance(node.expression, exp.Boolean):
        check_truth(node.this, f"IS {node.expression.sql()}")
    return "bool"


def _array_type(node: exp.Array) -> str | None:
    first = node.expressions[0] if node.expressions else None
    if isinstance(first, exp.Query):
        inner = first_type(first)
    else:
        inner = common(node.expressions, "ARRAY") if node.expressions else None
    return inner and f"{inner.removesuffix('[]')}[]"


def _in_zone(node: exp.AtTimeZone) -> str | None:
    settle(node.args["zone"], "text")
    return {"timestamp": "timestamptz", "timestamptz": "timestamp", "date": "timestamp"}.get(
        pg(node.this) or ""
    )


def _element_type(node: exp.Bracket) -> str | None:
    type_ = pg(node.this)
    if type_ is None or not type_.endswith("[]"):
        return type_ if type_ == "jsonb" else None
    return type_ if isinstance(node.expressions[0], exp.Slice) else type_.removesuffix("[]")


def _check_union(node: exp.SetOperation) -> None:
    what = type(node).__name__.upper()
    left, right = node.left.selects, node.right.selects
    if any(one.is_star for one in (*left, *right)):
        return
    if len(left) != len(right):
        name = f"each {what} query must have the same number of columns"
        raise QueryError("other", name=name)
    for one, other in zip(left, right, strict=True):
        type_ = common([one.unalias(), other.unalias()], what)
        typed(one, type_)
        typed(other, type_)


def _check_conditions(node: exp.Expr) -> None:
    for name in ("where", "having"):
        if clause := node.args.get(name):
            check_truth(clause.this, name.upper())
    for join in node.args.get("joins") or ():
        if join.args.get("on") is not None:
            check_truth(join.args["on"], "JOIN/ON")
