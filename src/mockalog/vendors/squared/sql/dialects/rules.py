"""Rules: replacements of nodes and functions, and the macros that they call."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Self

from sqlglot import exp

from mockalog.vendors.squared.sql.problems import QueryError
from mockalog.vendors.squared.sql.tables import Schema

# Any: a rule takes the type of node for which it stands in `nodes`.
Rewrite = Callable[[Any], exp.Expr]
# Any: sqlglot's annotator of types, then a node of one type.
Annotate = Callable[[Any, Any], exp.Expr]


class Rules(NamedTuple):
    """The meanings of a source's SQL.

    `sources` change a whole query before its names are resolved. `typings` find the types of nodes,
    from those of the tables' columns. `trees` change a whole query before the clock is set.
    `nodes` replace a node of a type, inner nodes first. `functions` replace a function that
    sqlglot does not know, by its name in lower case: a text is the name of a macro with the same
    arguments. `macros` are statements that create macros; their names begin with an underscore.
    `types` tell sqlglot the types of nodes, `function_types` those of functions that it does not
    know.
    """

    sources: Sequence[Callable[[exp.Query], exp.Query]] = ()
    typings: Sequence[Callable[[exp.Query, Schema], exp.Query]] = ()
    trees: Sequence[Callable[[exp.Query], exp.Query]] = ()
    nodes: Mapping[type[exp.Expr], Rewrite] = {}
    functions: Mapping[str, str | Rewrite] = {}
    macros: Sequence[str] = ()
    types: Mapping[type[exp.Expr], Annotate] = {}
    function_types: Mapping[str, str] = {}

    def __or__(self, other: Self) -> "Rules":
        """Return both; the other's replacement of the same thing wins."""
        return Rules(
            (*self.sources, *other.sources),
            (*self.typings, *other.typings),
            (*self.trees, *other.trees),
            {**self.nodes, **other.nodes},
            {**self.functions, **other.functions},
            (*self.macros, *other.macros),
            {**self.types, **other.types},
            {**self.function_types, **other.function_types},
        )

    def annotators(self) -> Mapping[type[exp.Expr], Mapping[str, Annotate]]:
        """Return the types of nodes in the form of sqlglot's `EXPRESSION_METADATA`."""
        types = (
            {**self.types, exp.Anonymous: self._annotate_function} if self.function_types else {}
        )
        return {kind: {"annotator": _safe(annotate)} for kind, annotate in types.items()}

    def _annotate_function(self, annotator: Any, node: exp.Anonymous) -> exp.Expr:
        type_ = self.function_types.get(node.name.lower(), "UNKNOWN")
        annotator._set_type(node, exp.DataType.build(type_))
        return node

    def prepare(self, tree: exp.Query, columns: Schema) -> exp.Query:
        """Return the tree after the changes of a whole query."""
        for typing in self.typings:
            tree = typing(tree, columns)
        for change in self.trees:
            tree = _changed(change, tree)
        return tree

    def apply(self, tree: exp.Query) -> exp.Query:
        """Return the tree with all replacements of nodes."""
        for node in reversed(list(tree.walk())):  # inner nodes first
            if (replacement := self._replacement(node)) is not node:
                # What a dialect knows of a node also holds for its replacement.
                replacement.meta.update({**node.meta, **replacement.meta})
                if replacement.type is None:
                    replacement.type = node.type
                node.replace(replacement)
        return tree

    def _replacement(self, node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Anonymous):
            rule = self.functions.get(node.name.lower())
            return call(rule, *node.expressions) if isinstance(rule, str) else _apply(rule, node)
        return _apply(self.nodes.get(type(node)), node)


# Rules raise these for a function with other arguments than it has.
_WRONG_ARGUMENTS = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def _apply(rule: Rewrite | None, node: exp.Expr) -> exp.Expr:
    if rule is None:
        return node
    try:
        return rule(node)
    except _WRONG_ARGUMENTS:
        name = node.name if isinstance(node, exp.Anonymous) else node.key
        raise QueryError("parameters", name=name.lower()) from None


def _changed(change: Callable[[exp.Query], exp.Query], tree: exp.Query) -> exp.Query:
    try:
        return change(tree)
    except _WRONG_ARGUMENTS:
        raise QueryError("syntax", name="") from None


def _safe(annotate: Annotate) -> Annotate:
    """Return an annotator that leaves a node with wrong arguments without a type."""

    # Any: sqlglot's annotator of types.
    def safely(annotator: Any, node: exp.Expr) -> exp.Expr:
        try:
            return annotate(annotator, node)
        except _WRONG_ARGUMENTS:
            annotator._set_type(node, exp.DType.UNKNOWN)
            return node

    return safely


# Any: a node, or None for an argument that is left out.
def call(name: str, *arguments: Any, type_: str | None = None) -> exp.Expr:
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
