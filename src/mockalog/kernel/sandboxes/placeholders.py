"""The texts that clients send in place of a credential, because a variable is unset."""

# docs/vendors/squared.md#23-authentication: none of them is a credential, in no mode.
PLACEHOLDERS = frozenset({"", "undefined", "null", "None", "NaN", "[object Object]"})


def check_token(token: str) -> str:
    """Return a token that a client can send; raise `ValueError` for a placeholder.

    Clients and servers drop the blanks around a token.
    """
    if token.strip() in PLACEHOLDERS:
        raise ValueError(f"{token!r} is the text of an unset variable: choose another token")
    return token
