"""Functions with lambdas: an index counts from 0, and a reduction may have a last step.

Source: Databricks' SQL reference, "Lambda functions", and Spark 4.3, measured.
"""

from collections.abc import Mapping
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules, call


def replaced(body: exp.Expr, values: Mapping[str, exp.Expr]) -> exp.Expr:
    """Return a body of a lambda with other expressions in place of its parameters."""

    def change(node: exp.Expr) -> exp.Expr:
        is_name = isinstance(node, exp.Column | exp.Identifier) and node.name in values
        is_part = isinstance(node.parent, exp.Dot | exp.PropertyEQ) and node.arg_key != "this"
        return values[node.name].copy() if is_name and not is_part else node

    return body.copy().transform(change)


def _transform(node: Any) -> exp.Expr:
    body, names = _parts(node.expression)
    if len(names) == 2:
        index = exp.paren(
            exp.Sub(this=exp.to_identifier(names[1]), expression=exp.Literal.number(1))
        )
        body = replaced(body, {names[1]: index})
    return call("list_transform", node.this, _lambda(body, names))


def _parts(node: exp.Expr) -> tuple[exp.Expr, list[str]]:
    return node.this, [one.name for one in node.expressions]


def _lambda(body: exp.Expr, names: list[str]) -> exp.Expr:
    return exp.Lambda(this=body, expressions=[exp.to_identifier(name) for name in names])


def _filter(node: exp.ArrayFilter) -> exp.Expr:
    body, names = _parts(node.expression)
    if len(names) == 2:
        index = exp.paren(
            exp.Sub(this=exp.to_identifier(names[1]), expression=exp.Literal.number(1))
        )
        body = replaced(body, {names[1]: index})
    return call("list_filter", node.this, _lambda(body, names))


def _some(node: exp.Exists) -> exp.Expr:
    if not isinstance(node.expression, exp.Lambda):
        return node
    found = call("len", call("list_filter", node.this, node.expression))
    return exp.paren(exp.GT(this=found, expression=exp.Literal.number(0)))


def _every(node: exp.Anonymous) -> exp.Expr:
    value, condition = node.expressions
    body, names = _parts(condition)
    others = call("list_filter", value, _lambda(exp.Not(this=exp.paren(body)), names))
    return exp.paren(exp.EQ(this=call("len", others), expression=exp.Literal.number(0)))


def _reduce(node: exp.Reduce) -> exp.Expr:
    total: exp.Expr = call("list_reduce", node.this, node.args["merge"], node.args["initial"])
    if isinstance(finish := node.args.get("finish"), exp.Lambda):
        body, names = _parts(finish)
        total = exp.paren(replaced(body, {names[0]: total}))
    return total


def _zip_with(node: exp.Anonymous) -> exp.Expr:
    left, right, merge = node.expressions
    body, names = _parts(merge)
    pair = exp.to_identifier("_pair")
    sides = {
        name: exp.Bracket(this=pair.copy(), expressions=[exp.Literal.number(at)], offset=1)
        for at, name in enumerate(names, 1)
    }
    return call(
        "list_transform", call("list_zip", left, right), _lambda(replaced(body, sides), ["_pair"])
    )


RULES = Rules(
    nodes={
        exp.Transform: _transform,
        exp.ArrayFilter: _filter,
        exp.Exists: _some,
        exp.Reduce: _reduce,
    },
    functions={"forall": _every, "zip_with": _zip_with},
    function_types={"forall": "BOOLEAN"},
)
