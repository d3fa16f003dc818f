"""The columns of a result as the query writes them: MariaDB names them so."""

from collections.abc import Sequence

from sqlglot import tokenize
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

_OPEN = (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE)
_CLOSE = (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE)
# Words between SELECT and the first column.
_MODIFIERS = ("ALL", "DISTINCT", "DISTINCTROW", "SQL_CALC_FOUND_ROWS", "STRAIGHT_JOIN")
_WORDS = """
    FROM WHERE GROUP HAVING ORDER LIMIT UNION EXCEPT INTERSECT WINDOW FOR INTO OFFSET QUALIFY
"""
_END = _WORDS.split()


def written(query: str, dialect: str) -> Sequence[str]:
    """Return the texts of the columns of the first SELECT that is in no parentheses."""
    try:
        tokens = tokenize(query, read=dialect)
    except TokenError:
        return []
    columns: list[list[Token]] = []
    for token in _columns(tokens):
        if token is None:
            columns.append([])
        else:
            columns[-1].append(token)
    return [query[one[0].start : one[-1].end + 1] for one in columns if one]


def _columns(tokens: Sequence[Token]) -> list[Token | None]:
    """Return the tokens of all columns, None before each column."""
    depth, found = 0, list[Token | None]()
    for token in tokens:
        depth += (token.token_type in _OPEN) - (token.token_type in _CLOSE)
        if not found and not (depth == 0 and token.token_type == TokenType.SELECT):
            continue
        if not found:
            found.append(None)
        elif depth == 0 and _ends(token):
            break
        elif depth == 0 and token.token_type == TokenType.COMMA:
            found.append(None)
        elif found != [None] or token.text.upper() not in _MODIFIERS:
            found.append(token)
    return found


def _ends(token: Token) -> bool:
    is_word = token.token_type not in (TokenType.STRING, TokenType.IDENTIFIER, TokenType.VAR)
    return token.token_type == TokenType.SEMICOLON or (is_word and token.text.upper() in _END)
