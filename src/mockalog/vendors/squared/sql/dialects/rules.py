"""Rules: replacements of nodes and functions, and the macros that they call."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Self

from sqlglot import exp

from mockalog.vendors.squared.sql.tables import Schema

# Any: a rule takes the type of node for which it stands in `nodes`.
Rewrite = Callable[[Any], exp.Expr]


class Rules(NamedTuple):
    """What a source's SQL means.

    `sources` change a whole query before its names are resolved, `trees` before the clock is set.
    `nodes` replace a node of a type, inner nodes first. `functions` replace a function that
    sqlglot does not know, by its name in lower case: a text is the name of a macro with the same
    arguments. `macros` are statements that create macros; their names begin with an underscore.
    """

    sources: Sequence[Callable[[exp.Query], exp.Query]] = ()
    trees: Sequence[Callable[[exp.Query, Schema], exp.Query]] = ()
    nodes: Mapping[type[exp.Expr], Rewrite] = {}
    functions: Mapping[str, str | Rewrite] = {}
    macros: Sequence[str] = ()

    def __or__(self, other: Self) -> "Rules":
        """Return both; the other's replacement of the same thing wins."""
        return Rules(
            (*self.sources, *other.sources),
            (*self.trees, *other.trees),
            {**self.nodes, **other.nodes},
            {**self.functions, **other.functions},
            (*self.macros, *other.macros),
        )

    def prepare(self, tree: exp.Query, columns: Schema) -> exp.Query:
        """Return the tree after the changes of a whole query."""
        for change in self.trees:
            tree = change(tree, columns)
        return tree

    def apply(self, tree: exp.Query) -> exp.Query:
        """Return the tree with all replacements of nodes."""
        for node in reversed(list(tree.walk())):  # inner nodes first
            if (replacement := self._replacement(node)) is not node:
                # What a dialect knows of a node also holds for its replacement.
                replacement.meta.update({**node.meta, **replacement.meta})
                node.replace(replacement)
        return tree

    def _replacement(self, node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Anonymous):
            rule = self.functions.get(node.name.lower())
            return call(rule, *node.expressions) if isinstance(rule, str) else _apply(rule, node)
        return _apply(self.nodes.get(type(node)), node)


def _apply(rule: Rewrite | None, node: exp.Expr) -> exp.Expr:
    return node if rule is None else rule(node)


def call(name: str, *arguments: Any, type_: str | None = None) -> exp.Anonymous:
    """Return a call of a macro or of a function of DuckDB; `type_` is the type of its result."""
    node = exp.Anonymous(this=name, expressions=[one for one in arguments if one is not None])
    if type_ is not None:
        node.type = exp.DataType.build(type_)
    return node


def text(value: str) -> exp.Literal:
    """Return a text as a node."""
    return exp.Literal.string(value)


def is_type(node: exp.Expr, *types: exp.DType) -> bool:
    """Return whether the type of a node is known to be one of these."""
    return node.type is not None and bool(node.is_type(*types))
