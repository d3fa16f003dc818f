"""The sandbox that a command acts on, or the whole server."""

import os
from typing import NamedTuple

VARIABLE = "MOCKALOG_TOKEN"


class Target(NamedTuple):
    """The options that select a sandbox; without both it is the whole server.

    `description`: words for a target that the arguments do not spell out, or that is the server.
    """

    sandbox: str | None = None
    token: str | None = None
    description: str = ""


def target_of(sandbox: str | None, token: str | None, *, whole_server: bool) -> Target:
    """Return the target of the options, with the token of `MOCKALOG_TOKEN` as the default.

    Raises `InvalidValueError` for contradicting options, and if nothing names a target. An unset
    variable of a script must not reset a whole server.
    """
    from mockalog.testing.controls.errors import InvalidValueError

    if whole_server:
        if sandbox is not None or token is not None:
            raise InvalidValueError("--all goes neither with --sandbox nor with --token")
        return Target(description="the whole server")
    sent = token_of(token)
    if sandbox is not None or token is not None:
        return Target(sandbox, sent)
    if sent is None:
        raise InvalidValueError(
            f"no sandbox is named: set {VARIABLE}, give --token or --sandbox, or give --all for "
            "the whole server"
        )
    return Target(token=sent, description=f"the sandbox of {VARIABLE}")


def token_of(token: str | None) -> str | None:
    """Return the token of the option, otherwise of the environment; an empty variable is unset."""
    return token if token is not None else os.environ.get(VARIABLE) or None
