"""Boolean expressions in a query's tree: SQLite has the numbers 0 and 1 in place of booleans.

The class of an expression tells whether it is boolean; a name is boolean if its expression is.
The texts of true and false are PostgreSQL's documented ones.
"""

from collections.abc import Iterable, Set
from typing import TYPE_CHECKING, Any

from mockalog.vendors.squared.rules.connectors.source_tables import Table
from mockalog.vendors.squared.sql.queries import QueryError

if TYPE_CHECKING:
    from sqlglot.expressions import Expr


def boolean_columns(tables: Iterable[Table]) -> frozenset[str]:
    """Return the lower-case names of columns that are boolean in every table with the name."""
    types: dict[str, set[str]] = {}
    for table in tables:
        for name, column in table.columns.items():
            types.setdefault(name.lower(), set()).add(column.type)
    return frozenset(name for name, found in types.items() if found == {"boolean"})


def boolean_names(tree: "Expr", columns: Set[str]) -> frozenset[str]:
    """Return the names of boolean expressions in a query, as written and in lower case."""
    from sqlglot import exp

    booleans = set(columns)
    for alias in reversed(list(tree.find_all(exp.Alias))):  # inner expressions first
        if _is_boolean(alias.this, booleans):
            booleans |= {alias.alias, alias.alias.lower()}
    return frozenset(booleans)


def _is_boolean(node: Any, booleans: Set[str]) -> bool:
    from sqlglot import exp

    match node:
        case exp.Column():
            return node.name.lower() in booleans
        case exp.Paren() | exp.Filter() | exp.Window():
            return _is_boolean(node.this, booleans)
        case exp.Cast():
            return bool(node.to.is_type("boolean"))
        case exp.Coalesce():
            return any(_is_boolean(one, booleans) for one in (node.this, *node.expressions))
        case exp.Case():
            results = [one.args["true"] for one in node.args["ifs"]]
            return any(_is_boolean(one, booleans) for one in (*results, node.args.get("default")))
    kinds = (exp.Boolean, exp.Not, exp.And, exp.Or, exp.Predicate, exp.LogicalAnd, exp.LogicalOr)
    return isinstance(node, kinds)


def convert_boolean_texts(tree: "Expr", columns: Set[str]) -> None:
    """Replace texts that are compared with, or cast to, a boolean; raises `QueryError`.

    Casts of booleans to texts give PostgreSQL's `true` and `false`.
    """
    from sqlglot import exp

    for node in list(tree.find_all(exp.EQ, exp.NEQ, exp.In)):
        if _is_boolean(node.this, columns):
            _replace_texts([node.expression, *node.expressions])
        elif _is_boolean(node.expression, columns):
            _replace_texts([node.this])
    for node in list(tree.find_all(exp.Cast)):
        if node.to.is_type("boolean"):
            _replace_texts([node.this])
        elif node.to.is_type(*exp.DataType.TEXT_TYPES) and _is_boolean(node.this, columns):
            words = exp.case().when(node.this.copy(), "'true'")
            node.replace(words.when(exp.not_(node.this.copy()), "'false'"))


def _replace_texts(nodes: Iterable[Any]) -> None:
    from sqlglot import exp

    for node in nodes:
        if isinstance(node, exp.Literal) and node.is_string:
            node.replace(exp.Boolean(this=parse_boolean(node.name)))


def parse_boolean(text: str) -> bool:
    """Return the boolean of a text; a unique prefix of a word is enough."""
    word = text.strip().lower()
    if word in ("on", "1") or (word and ("true".startswith(word) or "yes".startswith(word))):
        return True
    if word in ("off", "of", "0") or (word and ("false".startswith(word) or "no".startswith(word))):
        return False
    raise QueryError(f'invalid input syntax for type boolean: "{text}"')
