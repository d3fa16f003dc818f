"""The empty text is null.

Source: Oracle's SQL language reference, "Nulls".
"""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rewrite, Rules, call, text


def or_null(node: exp.Expr) -> exp.Expr:
    """Return a text, null if it is empty."""
    return call("nullif", node, text(""), type_="TEXT")


def _literal(node: exp.Literal) -> exp.Expr:
    return exp.Null() if node.is_string and not node.name else node


def _kept(*texts: str) -> Rewrite:
    """Return a function whose result may be empty; the named arguments may be null."""

    def build(node: exp.Expr) -> exp.Expr:
        shown = node.copy()
        for name in texts:
            if isinstance(shown.args.get(name), exp.Null):
                shown.set(name, text(""))
        return or_null(shown)

    return build


def _strict(node: exp.Greatest | exp.Least) -> exp.Expr:
    """The greatest of values with a null is null."""
    values = [node.this, *node.expressions]
    absent = [exp.Is(this=value.copy(), expression=exp.Null()) for value in values]
    name = "greatest" if isinstance(node, exp.Greatest) else "least"
    shown = exp.Case(
        ifs=[exp.If(this=exp.or_(*absent), true=exp.Null())], default=call(name, *values)
    )
    shown.type = node.type or values[0].type
    return shown


RULES = Rules(
    nodes={
        exp.Greatest: _strict,
        exp.Least: _strict,
        exp.Literal: _literal,
        exp.RegexpReplace: _kept("replacement"),
        exp.Substring: _kept(),
        exp.Translate: _kept(),
        exp.Trim: _kept(),
    }
)
