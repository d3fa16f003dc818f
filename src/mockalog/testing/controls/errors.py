"""The errors between a test and the emulator."""

from collections.abc import Mapping
from typing import Any


class MockalogError(Exception):
    """Base of all errors of this package."""


class InvalidValueError(MockalogError, ValueError):
    """A value cannot be sent. The server was not called."""


class UnreachableError(MockalogError):
    """No mockalog answers at the address."""


class RefusedError(MockalogError):
    """The server refused a control call; the text is the detail of the problem document.

    `problem` is the whole problem document (RFC 9457), `status` its HTTP status.
    """

    # The members of a problem document may be of any JSON type.
    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail") or problem.get("title") or "refused")
        self.problem = problem
        self.status: int = problem.get("status", 0)


class IncompleteWarning(UserWarning):
    """A worker or a server did not reply, so its part of the journal is missing."""


class UnfiredFaultsError(MockalogError, AssertionError):
    """Armed faults never applied to a call; the text lists the faults and the calls."""


class UnmatchedRequestsError(MockalogError, AssertionError):
    """Requests matched no operation; the text lists them with the closest operations."""
