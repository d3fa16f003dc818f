"""The allow list: the functions and tables that a translated query may name.

DuckDB's settings stop a query at files and extensions. The list also stops it at DuckDB's own
tables, variables, logs, sequences and at queries within texts.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from sqlglot import exp, tokenize
from sqlglot.tokenizer_core import Token, TokenType

from mockalog.vendors.squared.sql.problems import QueryError

# Functions that give rows.
_ROWS = frozenset({"unnest", "range", "generate_series", "json_each"})
_FUNCTIONS = "functions.txt"


@cache
def allowed_functions() -> frozenset[str]:
    """Return the functions of DuckDB that only compute."""
    text = files(__package__).joinpath(_FUNCTIONS).read_text()
    return frozenset(text.split()) | _ROWS


def check_source(tree: exp.Expr) -> None:
    """Raise `QueryError` for a function in a query that has the name of a macro, or a schema."""
    for node in tree.find_all(exp.Anonymous, exp.AnonymousAggFunc):
        if node.name.startswith("_"):
            raise QueryError("function", name=node.name.lower())
    for dot in tree.find_all(exp.Dot):
        if isinstance(dot.expression, exp.Func):
            raise QueryError("function", name=dot.sql().partition("(")[0].lower())


def check_functions(tree: exp.Expr) -> None:
    """Raise `QueryError` for a function that neither the source's rules nor DuckDB know."""
    for node in tree.find_all(exp.Anonymous):
        name = node.name.lower()
        if not name.startswith("_") and name not in allowed_functions():
            types = ", ".join(_type_of(argument) for argument in node.expressions)
            raise QueryError("function", name=name, types=types)


def _type_of(node: exp.Expr) -> str:
    """Return DuckDB's name of a node's type; a text without a cast has none yet."""
    if (isinstance(node, exp.Literal) and node.is_string) or node.type is None:
        return "STRING_LITERAL"
    return node.type.sql("duckdb")


def check_translated(sql: str, forbidden: frozenset[str]) -> None:
    """Raise `QueryError` for a call of one of DuckDB's functions that is not allowed.

    It reads the text that DuckDB will read, because a tree may generate other functions.
    """
    for name in _called(sql):
        if name in forbidden:
            raise QueryError("function", name=name)


def _called(sql: str) -> Iterator[str]:
    """Yield each name before a parenthesis, and each word that is a call without one."""
    tokens = tokenize(sql, read="duckdb")
    followers: list[Token | None] = [*tokens[1:], None]
    for token, follower in zip(tokens, followers, strict=True):
        if follower is not None and follower.token_type is TokenType.L_PAREN:
            yield token.text.lower()
