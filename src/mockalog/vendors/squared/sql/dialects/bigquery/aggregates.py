"""Aggregates with limits and without nulls; PIVOT's names; the SAFE prefix."""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text


def _within(node: exp.Expr) -> tuple[exp.Expr, exp.Expr | None]:
    """Return the arguments of an aggregate, and their limit."""
    if isinstance(node.this, exp.Limit):
        return node.this.this, node.this.expression
    return node.this, None


def _value(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Order | exp.Distinct):
        node = node.this if isinstance(node, exp.Order) else node.expressions[0]
    return node


def _array(node: exp.ArrayAgg) -> exp.Expr:
    if isinstance(node.parent, exp.IgnoreNulls):
        return node
    return _limited(node, ignores_nulls=False)


def _limited(node: exp.ArrayAgg, *, ignores_nulls: bool) -> exp.Expr:
    inner, limit = _within(node)
    result: exp.Expr = call("list", inner.copy())
    if ignores_nulls:
        present = exp.Not(this=exp.Is(this=_value(inner).copy(), expression=exp.Null()))
        result = exp.Filter(this=result, expression=exp.Where(this=present))
    if limit is not None:
        result = call("list_slice", result, exp.Literal.number(1), limit.copy())
    result.type = node.type
    return result


def _ignoring(node: exp.IgnoreNulls) -> exp.Expr:
    if isinstance(node.this, exp.ArrayAgg):
        return _limited(node.this, ignores_nulls=True)
    return node


def _joined(node: exp.GroupConcat) -> exp.Expr:
    """A joined text of a limited number of values."""
    inner, limit = _within(node)
    if limit is None:
        return node
    present = exp.Not(this=exp.Is(this=_value(inner).copy(), expression=exp.Null()))
    values = exp.Filter(this=call("list", inner.copy()), expression=exp.Where(this=present))
    chosen = call("list_slice", values, exp.Literal.number(1), limit.copy())
    return call("array_to_string", chosen, node.args.get("separator") or text(","), type_="TEXT")


def _pivot_names(tree: exp.Query) -> exp.Query:
    """DuckDB calls the columns of a pivot in another order: `p_c` for `c_p`."""
    for pivot in tree.find_all(exp.Pivot):
        if not pivot.args.get("unpivot"):
            _rename(tree, pivot)
    return tree


def _rename(tree: exp.Query, pivot: exp.Pivot) -> None:
    fields = [one.alias_or_name for one in pivot.args["fields"][0].expressions]
    aliases = [one.alias for one in pivot.expressions if one.alias]
    names = {f"{alias}_{field}": f"{field}_{alias}" for alias in aliases for field in fields}
    for column in tree.find_all(exp.Column):
        if column.table == pivot.alias and column.name in names:
            column.set("this", exp.to_identifier(names[column.name], quoted=True))


# Macros that raise errors, and their forms that give null.
_CALM = {
    "_boolean": "_try_boolean",
    "_divisor": "_calm_divisor",
    "_element": "_safe_element",
    "_int64": "_try_int64",
    "_modulus": "_calm_divisor",
}


def _safe(node: exp.SafeFunc) -> exp.Expr:
    """Return null in place of an error; DuckDB's TRY refuses the function that raises errors."""
    inner = node.this.copy()
    for one in inner.find_all(exp.Anonymous):
        one.set("this", _CALM.get(one.name, one.name))
    return exp.Try(this=inner)


RULES = Rules(
    trees=(_pivot_names,),
    nodes={
        exp.ArrayAgg: _array,
        exp.GroupConcat: _joined,
        exp.IgnoreNulls: _ignoring,
        exp.SafeFunc: _safe,
    },
    macros=("CREATE MACRO _calm_divisor(a, b) AS nullif(b, 0)",),
)
