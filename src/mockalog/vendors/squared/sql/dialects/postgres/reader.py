"""How PostgreSQL's SQL is read: each function keeps the name that the query gives it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres as _Postgres
from sqlglot.parsers.postgres import PostgresParser
from sqlglot.tokenizer_core import Token, TokenType

from mockalog.vendors.squared.sql.problems import QueryError

# The functions that are expressions of their own in PostgreSQL's grammar.
_GRAMMAR = ("ARRAY", "COALESCE", "EXISTS", "GREATEST", "LEAST", "NULLIF", "GROUPING")
_SYNTAX = ("CAST", "EXTRACT", "NORMALIZE", "OVERLAY", "POSITION", "SUBSTRING", "TRIM")
_AFTER_LIST = (TokenType.FROM, TokenType.WHERE, TokenType.R_PAREN, TokenType.ORDER_BY)
_WORDS_TEXT = """
    SELECT DISTINCT WHERE AND OR NOT WHEN THEN ELSE ON HAVING BY FROM IN
"""
_WORDS = frozenset(_WORDS_TEXT.split())
# What may stand before the subscript of an array.
_ARRAYS = (TokenType.VAR, TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.IDENTIFIER,
           TokenType.L_BRACKET)  # fmt: skip


class Reader(_Postgres):
    """sqlglot's PostgreSQL without the functions of other dialects."""

    Tokenizer = _Postgres.Tokenizer

    class Parser(PostgresParser):
        """Leaves the functions to the catalog, and refuses what sqlglot tolerates."""

        FUNCTIONS: ClassVar[dict[Any, Any]] = {
            name: build for name, build in PostgresParser.FUNCTIONS.items() if name in _GRAMMAR
        }
        FUNCTION_PARSERS: ClassVar[dict[Any, Any]] = {
            name: parse
            for name, parse in PostgresParser.FUNCTION_PARSERS.items()
            if name in _SYNTAX
        }
        # An arrow is the member of a JSON value, also within a call.
        LAMBDAS: ClassVar[dict[Any, Any]] = {
            kind: parse
            for kind, parse in PostgresParser.LAMBDAS.items()
            if kind is not TokenType.ARROW
        }
        NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[Any, Any]] = {
            name: parse
            for name, parse in PostgresParser.NO_PAREN_FUNCTION_PARSERS.items()
            if name != "IF"
        }

        def parse(self, raw_tokens: list[Token], sql: str) -> list[exp.Expr | None]:
            """Return the statements' trees; raises `QueryError` for other dialects' syntax."""
            check(raw_tokens)
            return super().parse(raw_tokens, sql)


def check(tokens: Sequence[Token]) -> None:
    """Raise `QueryError` for what only other dialects read."""
    before: Token | None = None
    for token, after in pairwise(tokens):
        kinds = token.token_type, after.token_type
        if kinds[0] is TokenType.COMMA and kinds[1] in _AFTER_LIST:
            raise QueryError("syntax", name=after.text)
        if kinds == (TokenType.INTERVAL, TokenType.NUMBER):
            raise QueryError("syntax", name=after.text)
        if token.text == "==":
            raise QueryError("other", name="operator does not exist: ==")
        if kinds == (TokenType.STRING, TokenType.STRING) and token.line == after.line:
            raise QueryError("syntax", name=f"'{after.text}'")
        if after.token_type is TokenType.L_BRACE:
            raise QueryError("syntax", name="{")
        # A comma after an array within an array stands before the next one.
        is_next = token.text == "," and before is not None and before.text == "]"
        if after.text == "[" and not (is_next or _has_subscript(token)):
            raise QueryError("syntax", name="[")
        before = token
    _check_limit(tokens)


def _has_subscript(token: Token) -> bool:
    if token.text.upper() in _WORDS:
        return False
    return token.token_type in _ARRAYS or token.text.isidentifier()


def _check_limit(tokens: Sequence[Token]) -> None:
    kinds: list[Any] = [token.token_type for token in tokens]
    for at in range(len(kinds) - 2):
        if kinds[at : at + 3] == [TokenType.LIMIT, TokenType.NUMBER, TokenType.COMMA]:
            raise QueryError("other", name="LIMIT #,# syntax is not supported")
