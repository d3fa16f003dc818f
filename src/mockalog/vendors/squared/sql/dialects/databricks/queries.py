"""Queries as a whole: generators, SORT BY, PIVOT.

Source: Databricks' SQL reference: explode, "SORT BY clause", "PIVOT clause", and Spark 4.3,
measured.
"""

from collections.abc import Sequence

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.databricks.documents import document
from mockalog.vendors.squared.sql.dialects.rules import Rules, call, text
from mockalog.vendors.squared.sql.problems import QueryError


def _with_order(tree: exp.Query) -> exp.Query:
    """SORT BY and CLUSTER BY sort one partition, and there is one."""
    for select in tree.find_all(exp.Select):
        for key in ("sort", "cluster"):
            if (order := select.args.get(key)) is not None:
                select.set(key, None)
                if select.args.get("order") is not None:
                    raise QueryError("syntax", name="ORDER")
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
        items = call("unnest", inner.this.copy())
        return [exp.alias_(counted, "pos"), exp.alias_(items, "col")]
    if isinstance(inner, exp.ExplodeOuter):
        items = call("unnest", call("_spark_outer", inner.this.copy()))
        return [exp.alias_(items, node.alias or "col")]
    if isinstance(inner, exp.Explode) and type(inner) is exp.Explode:
        if inner.this.is_type(exp.DType.MAP) or isinstance(inner.this, exp.VarMap | exp.Map):
            return [
                exp.alias_(call("unnest", call(name, inner.this.copy())), alias)
                for name, alias in (("map_keys", "key"), ("map_values", "value"))
            ]
        return [exp.alias_(call("unnest", inner.this.copy()), node.alias or "col")]
    return [node]


def _with_null_cells(tree: exp.Query) -> exp.Query:
    """A cell of PIVOT without rows is null, also for a count."""
    for pivot in tree.find_all(exp.Pivot):
        if pivot.args.get("unpivot"):
            continue
        if len(pivot.expressions) == 1:  # one aggregate gives its name to no column
            pivot.set("expressions", [pivot.expressions[0].unalias()])
        for count in list(pivot.find_all(exp.Count)):
            if isinstance(count.this, exp.Distinct):
                raise QueryError("other", name="count(DISTINCT …) of PIVOT")
            count.replace(exp.Sum(this=_counted(count.this)))
    return tree


def _counted(value: exp.Expr) -> exp.Expr:
    one = exp.Literal.number(1)
    if isinstance(value, exp.Star | exp.Literal):
        return one
    is_null = exp.Is(this=value.copy(), expression=exp.null())
    return exp.If(this=is_null, true=exp.Literal.number(0), false=one)


def _with_rollup(tree: exp.Query) -> exp.Query:
    """GROUP BY … WITH ROLLUP and WITH CUBE stand for ROLLUP (…) and CUBE (…)."""
    for group in tree.find_all(exp.Group):
        for key, node in (("rollup", exp.Rollup), ("cube", exp.Cube)):
            found = group.args.get(key)
            if found and group.expressions and not any(one.expressions for one in found):
                group.set(key, [node(expressions=[one.copy() for one in group.expressions])])
                group.set("expressions", [])
    return tree


def _with_views(tree: exp.Query) -> exp.Query:
    """LATERAL VIEW adds the rows of a generator; OUTER keeps rows without any."""
    for select in tree.find_all(exp.Select):
        for view in select.args.pop("laterals", None) or []:
            select.append("joins", _view(view))
    return tree


def _view(view: exp.Lateral) -> exp.Join:
    generator, alias = view.this, view.args["alias"]
    names = [one.name for one in alias.columns]
    columns = _view_columns(generator, names)
    rows = exp.select(*columns).subquery(alias.name or "_view")
    lateral = exp.Lateral(
        this=rows.this.subquery(),
        alias=exp.TableAlias(this=exp.to_identifier(alias.name or "_view")),
    )
    if not view.args.get("outer") and not isinstance(generator, exp.ExplodeOuter):
        return exp.Join(this=lateral, kind="CROSS")
    return exp.Join(this=lateral, side="LEFT", on=exp.true())


def _view_columns(generator: exp.Expr, names: Sequence[str]) -> Sequence[exp.Expr]:
    if isinstance(generator, exp.Anonymous) and generator.name.lower() == "json_tuple":
        whole, *keys = generator.expressions
        names = names or [f"c{at}" for at in range(len(keys))]
        return [
            exp.alias_(
                call("json_extract_string", document(whole).copy(), text(f"$.{key.name}")), name
            )
            for key, name in zip(keys, names, strict=True)
        ]
    columns = _generated(generator)
    if columns == [generator]:
        raise QueryError("function", name=generator.key)
    given = names or [one.alias for one in columns]
    return [exp.alias_(one.this, name) for one, name in zip(columns, given, strict=True)]


RULES = Rules(
    trees=(_with_views, _with_order, _with_generators, _with_rollup, _with_null_cells),
    macros=(
        "CREATE MACRO _spark_outer(a) AS CASE WHEN a IS NULL OR len(a) = 0 THEN [NULL] ELSE a END",
    ),
)
