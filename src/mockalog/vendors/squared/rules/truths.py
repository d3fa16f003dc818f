"""Truth values in a query's tree: SQLite has none, only the numbers 0 and 1.

Which expressions are true or false is read off their form; a name is one if whatever has that name
is. PostgreSQL's own words for true and false are its documented ones.
"""

from collections.abc import Iterable, Set
from typing import Any

from mockalog.vendors.squared.rules.queries import TooMuch
from mockalog.vendors.squared.rules.worlds import Table


def truth_columns(tables: Iterable[Table]) -> frozenset[str]:
    """Return the names, in lower case, that are a truth value in every table that has them."""
    types: dict[str, set[str]] = {}
    for table in tables:
        for name, column in table.columns.items():
            types.setdefault(name.lower(), set()).add(column.type)
    return frozenset(name for name, found in types.items() if found == {"boolean"})


def truths_of(tree: Any, columns: Set[str]) -> frozenset[str]:
    """Return which names of a query stand for truth values, whatever the case of their letters."""
    from sqlglot import exp

    known = set(columns)
    for alias in reversed(list(tree.find_all(exp.Alias))):  # what is within first
        if _is_truth(alias.this, known):
            known |= {alias.alias, alias.alias.lower()}
    return frozenset(known)


def _is_truth(node: Any, known: Set[str]) -> bool:
    from sqlglot import exp

    match node:
        case exp.Column():
            return node.name.lower() in known
        case exp.Paren() | exp.Filter() | exp.Window():
            return _is_truth(node.this, known)
        case exp.Cast():
            return bool(node.to.is_type("boolean"))
        case exp.Coalesce():
            return any(_is_truth(one, known) for one in (node.this, *node.expressions))
        case exp.Case():
            results = [one.args["true"] for one in node.args["ifs"]]
            return any(_is_truth(one, known) for one in (*results, node.args.get("default")))
    kinds = (exp.Boolean, exp.Not, exp.And, exp.Or, exp.Predicate, exp.LogicalAnd, exp.LogicalOr)
    return isinstance(node, kinds)


def read_truths(tree: Any, columns: Set[str]) -> None:
    """Replace texts that are compared with, or cast to, a truth value; raises `TooMuch`.

    And cast truth values to texts as PostgreSQL does: `true`, not `t`.
    """
    from sqlglot import exp

    for node in list(tree.find_all(exp.EQ, exp.NEQ, exp.In)):
        if _is_truth(node.this, columns):
            _read([node.expression, *node.expressions])
        elif _is_truth(node.expression, columns):
            _read([node.this])
    for node in list(tree.find_all(exp.Cast)):
        if node.to.is_type("boolean"):
            _read([node.this])
        elif node.to.is_type(*exp.DataType.TEXT_TYPES) and _is_truth(node.this, columns):
            words = exp.case().when(node.this.copy(), "'true'")
            node.replace(words.when(exp.not_(node.this.copy()), "'false'"))


def _read(nodes: Iterable[Any]) -> None:
    from sqlglot import exp

    for node in nodes:
        if isinstance(node, exp.Literal) and node.is_string:
            node.replace(exp.Boolean(this=truth(node.name)))


def truth(text: str) -> bool:
    """Return what a text means: the words may be cut off as long as they are clear."""
    word = text.strip().lower()
    if word in ("on", "1") or (word and ("true".startswith(word) or "yes".startswith(word))):
        return True
    if word in ("off", "of", "0") or (word and ("false".startswith(word) or "no".startswith(word))):
        return False
    raise TooMuch(f'invalid input syntax for type boolean: "{text}"')
