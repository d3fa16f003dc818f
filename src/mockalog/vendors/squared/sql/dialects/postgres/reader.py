"""How PostgreSQL's SQL is read: each function keeps the name that the query gives it."""

from sqlglot import exp
from sqlglot.dialects.postgres import Postgres as _Postgres
from sqlglot.parsers.postgres import PostgresParser
from sqlglot.tokens import TokenType

# The functions that are expressions of their own in PostgreSQL's grammar.
_GRAMMAR = ("ARRAY", "COALESCE", "EXISTS", "GREATEST", "LEAST", "NULLIF", "GROUPING")
_SYNTAX = ("CAST", "EXTRACT", "NORMALIZE", "OVERLAY", "POSITION", "SUBSTRING", "TRIM")


class Reader(_Postgres):
    """sqlglot's PostgreSQL without the functions of other dialects."""

    class Parser(PostgresParser):
        """Leaves the functions to the catalog."""

        FUNCTIONS = {
            name: build for name, build in PostgresParser.FUNCTIONS.items() if name in _GRAMMAR
        }
        FUNCTION_PARSERS = {
            name: parse
            for name, parse in PostgresParser.FUNCTION_PARSERS.items()
            if name in _SYNTAX
        }
        NO_PAREN_FUNCTION_PARSERS = {
            name: parse
            for name, parse in PostgresParser.NO_PAREN_FUNCTION_PARSERS.items()
            if name != "IF"
        }
