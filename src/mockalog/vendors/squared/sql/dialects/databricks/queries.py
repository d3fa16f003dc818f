"""Queries as a whole: generators, SORT BY, PIVOT.

Source: Databricks' SQL reference: explode, "SORT BY clause", "PIVOT clause", and Spark 4.3,
measured.
"""

from collections.abc import Sequence

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules, call


def _with_order(tree: exp.Query) -> exp.Query:
    """SORT BY and CLUSTER BY sort one partition, and there is one."""
    for select in tree.find_all(exp.Select):
        for key in ("sort", "cluster"):
            if (order := select.args.get(key)) is not None:
                select.set(key, None)
                if select.args.get("order") is None:
                    select.set("order", exp.Order(expressions=order.expressions))
        select.set("distribute", None)
    return tree


def _with_generators(tree: exp.Query) -> exp.Query:
    """The columns of a generator are `col`, or `pos` and `col`."""
    for select in tree.find_all(exp.Select):
        columns = [found for node in select.expressions for found in _generated(node)]
        select.set("expressions", columns)
    return tree


def _generated(node: exp.Expr) -> Sequence[exp.Expr]:
    inner = node.this if isinstance(node, exp.Alias) else node
    if isinstance(inner, exp.Posexplode):
        position = call("generate_subscripts", inner.this.copy(), exp.Literal.number(1))
        counted = exp.Sub(this=position, expression=exp.Literal.number(1))
        items = exp.func("unnest", inner.this.copy())
        return [exp.alias_(counted, "pos"), exp.alias_(items, "col")]
    if isinstance(inner, exp.ExplodeOuter):
        items = exp.func("unnest", call("_spark_outer", inner.this.copy()))
        return [exp.alias_(items, node.alias or "col")]
    if isinstance(inner, exp.Explode) and type(inner) is exp.Explode:
        if inner.this.is_type(exp.DType.MAP) or isinstance(inner.this, exp.VarMap | exp.Map):
            return [
                exp.alias_(exp.func("unnest", call(name, inner.this.copy())), alias)
                for name, alias in (("map_keys", "key"), ("map_values", "value"))
            ]
        return [exp.alias_(exp.func("unnest", inner.this.copy()), node.alias or "col")]
    return [node]


def _with_null_cells(tree: exp.Query) -> exp.Query:
    """A cell of PIVOT without rows is null, also for a count."""
    for pivot in tree.find_all(exp.Pivot):
        if pivot.args.get("unpivot"):
            continue
        for count in list(pivot.find_all(exp.Count)):
            count.replace(call("_spark_cell", count.this.copy()))
    return tree


RULES = Rules(
    trees=(_with_order, _with_generators),
    macros=(
        "CREATE MACRO _spark_outer(a) AS CASE WHEN a IS NULL OR len(a) = 0 THEN [NULL] ELSE a END",
    ),
)
