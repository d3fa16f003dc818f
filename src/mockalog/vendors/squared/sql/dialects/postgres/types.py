"""The type of each expression, and PostgreSQL's refusals of types that do not fit.

Source: manual, chapter 10, "Type Conversion"; the texts are measured on PostgreSQL 18.4.
"""

from collections.abc import Sequence
from typing import Any

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from mockalog.vendors.squared.sql.dialects.postgres import calls, catalog, clauses
from mockalog.vendors.squared.sql.dialects.postgres.casts import cast_type
from mockalog.vendors.squared.sql.dialects.postgres.catalog import UNKNOWN, common_type, shown
from mockalog.vendors.squared.sql.dialects.postgres.literals import literal
from mockalog.vendors.squared.sql.dialects.postgres.marks import is_unknown, name_of, pg, typed
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
            if isinstance(name, exp.Identifier) and name.args.get("quoted"):
                if name.name.lower() in self._columns and name.name not in self._names:
                    raise QueryError("table", name=name.name)

    def _type_of(self, node: Any, scope: Any) -> str | None:
        kind = type(node)
        if kind in _SIGNS:
            return operator_type(node, _SIGNS[kind])
        if kind in _CLOCK:
            return _CLOCK[kind]
        if kind is exp.Column:
            return _column_type(node, scope)
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
            return _common([node.this, *node.expressions], _MATCHED[kind])
        return _other_type(node)

    def _members(self, source: Any) -> list[tuple[str, str]]:
        """Return the names and types of a row."""
        if isinstance(source, Scope) and isinstance(source.expression, exp.Query):
            query = source.expression
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
        return _common([*([default] if default is not None else []), *branches], "CASE")
    if isinstance(node, exp.Nullif):
        operator_type(node, "=")
        return pg(node.this)
    if isinstance(node, exp.Neg | exp.BitwiseNot):
        return operator_type(node, "-" if isinstance(node, exp.Neg) else "~")
    if isinstance(node, exp.JSONExtract | exp.JSONExtractScalar):
        return _extracted(node)
    if isinstance(node, exp.Subquery):
        return _first_type(node.this)
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


def _column_type(node: exp.Column, scope: Scope) -> str | None:
    at: Scope | None = scope
    while at is not None and node.table not in at.sources:
        at = at.parent
    source = at.sources[node.table] if at is not None else None
    if isinstance(source, Scope):
        return _projection_type(source.expression, node.name, source)
    if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        found = name_of(node.type)
        return "jsonb" if found == "json" else found
    return calls.source_type(source, node.name)


def _projection_type(query: Any, name: str, scope: Scope) -> str | None:
    if isinstance(query, exp.Query):
        for one, column in zip(query.selects, _names(query, scope), strict=False):
            if column.lower() == name.lower():
                return "text" if is_unknown(one) else pg(one)
    return calls.source_type(query, name)


def _names(query: exp.Query, scope: Scope) -> Sequence[str]:
    alias = scope.expression.parent.args.get("alias") if scope.expression.parent else None
    columns = alias.args.get("columns") if isinstance(alias, exp.TableAlias) else None
    return [one.name for one in columns] if columns else query.named_selects


def _first_type(query: Any) -> str | None:
    selects = query.selects if isinstance(query, exp.Query) else []
    return pg(selects[0]) if selects else None


def operator_type(node: Any, sign: str) -> str | None:
    """Return the type of an operator's result; raises `QueryError` if there is none."""
    operands = [node.this, *([node.expression] if node.args.get("expression") else [])]
    if isinstance(operands[-1], exp.Any):
        _settle_array(operands[-1], pg(node.this))
    if isinstance(operands[-1], exp.Any) or calls.is_call(operands[-1], "all"):
        operands[-1] = _elements(operands[-1])
    return _operated(operands, sign)


def _settle_array(node: exp.Any, element: str | None) -> None:
    inner = node.this.unnest()
    if is_unknown(inner) and element is not None:
        settle(inner, f"{element}[]")


def _elements(node: Any) -> Any:
    """Return a node that has the type of the elements of an array or of a subquery."""
    inner = node.this if isinstance(node, exp.Any) else node.expressions[0]
    inner = inner.unnest()
    type_ = _first_type(inner) if isinstance(inner, exp.Query) else pg(inner)
    return typed(exp.Placeholder(), type_.removesuffix("[]") if type_ else None)


def _operated(operands: Sequence[Any], sign: str) -> str | None:
    types = [pg(one) for one in operands]
    known = [one for one in types if one is not None]
    if all(isinstance(one, exp.Tuple) for one in operands) and len(operands) == 2:
        for left, right in zip(operands[0].expressions, operands[1].expressions, strict=False):
            _operated([left, right], sign)
        return "bool"
    if len(known) < len(types) or "record" in known or any("reg" in one for one in known):
        return "bool" if sign in ("=", "<>", "<", ">", "<=", ">=", "~", "~~") else None
    found = catalog.operator(sign, known)
    if found is None or (sign in "+-*/" and catalog.is_ambiguous(sign, known)):
        if found is not None:
            pair = f"{shown(known[0])} {sign} {shown(known[-1])}"
            raise QueryError("other", name=f"operator is not unique: {pair}")
        left, right = [*[""][: 2 - len(known)], *map(shown, known)]
        raise QueryError("mismatch", left=left, operator=sign, right=right)
    for operand, wanted in zip(operands, found.arguments, strict=True):
        settle(operand, wanted)
    return found.result


def settle(node: Any, type_: str) -> None:
    """Make a text literal a value of a type."""
    if is_unknown(node) and isinstance(node, exp.Literal) and type_ in calls.CONCRETE:
        node.replace(literal(node.name, type_)) if type_ != "text" else typed(node, "text")


def _common(nodes: Sequence[Any], what: str) -> str | None:
    types = [pg(one) for one in nodes]
    if None in types:
        return None
    known = [one for one in types if one is not None and one != UNKNOWN]
    common = common_type([one for one in types if one is not None])
    if common is None:
        first, second = _different(known)
        name = f"{what} types {shown(first)} and {shown(second)} cannot be matched"
        raise QueryError("other", name=name)
    for node in nodes:
        settle(node, common)
    return common


def _different(types: Sequence[str]) -> tuple[str, str]:
    for at, one in enumerate(types):
        before = common_type(types[:at])
        if before is not None and common_type([before, one]) is None:
            return before, one
    return types[0], types[-1]


def _check_case(node: exp.Case) -> None:
    for one in node.args["ifs"]:
        if node.this is not None:
            _operated([node.this, one.this], "=")
        else:
            check_truth(one.this, "CASE/WHEN")


def check_truth(node: Any, what: str) -> None:
    """Raise `QueryError` for a condition that is no truth."""
    type_ = pg(node)
    if type_ == UNKNOWN:
        settle(node, "bool")
    elif type_ not in (None, "bool"):
        name = f"argument of {what} must be type boolean, not type {shown(type_ or '')}"
        raise QueryError("other", name=name)


def _connected(node: Any) -> str:
    what = type(node).__name__.upper()
    for one in (node.this, node.args.get("expression")):
        if one is not None:
            check_truth(one, what)
    return "bool"


def _compared(node: Any) -> str:
    if isinstance(node, exp.In):
        for one in node.expressions:
            _operated([node.this, one], "=")
        query = node.args.get("query")
        if query is not None and not isinstance(node.this, exp.Tuple):
            inner = typed(exp.Placeholder(), _first_type(query.unnest()))
            _operated([node.this, inner], "=")
    elif isinstance(node, exp.Between):
        _operated([node.this, node.args["low"]], ">=")
        _operated([node.this, node.args["high"]], "<=")
    elif isinstance(node, exp.Is) and isinstance(node.expression, exp.Boolean):
        check_truth(node.this, f"IS {node.expression.sql()}")
    return "bool"


def _extracted(node: Any) -> str | None:
    left, scalar = pg(node.this), isinstance(node, exp.JSONExtractScalar)
    if left not in (None, "json", "jsonb"):
        path = node.expression
        parts = path.expressions if isinstance(path, exp.JSONPath) else []
        number = any(isinstance(one, exp.JSONPathSubscript) for one in parts)
        raise QueryError(
            "mismatch",
            left=shown(left or ""),
            operator="->>" if scalar else "->",
            right="integer" if number else UNKNOWN,
        )
    return "text" if scalar else left


def _array_type(node: exp.Array) -> str | None:
    first = node.expressions[0] if node.expressions else None
    if isinstance(first, exp.Query):
        inner = _first_type(first)
    else:
        inner = _common(node.expressions, "ARRAY") if node.expressions else None
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
        common = _common([one.unalias(), other.unalias()], what)
        typed(one, common), typed(other, common)


def _check_conditions(node: exp.Expr) -> None:
    for name in ("where", "having"):
        if clause := node.args.get(name):
            check_truth(clause.this, name.upper())
    for join in node.args.get("joins") or ():
        if join.args.get("on") is not None:
            check_truth(join.args["on"], "JOIN/ON")
