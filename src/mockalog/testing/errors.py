"""What can go wrong between a test and the emulator."""

from collections.abc import Mapping
from typing import Any


class MockalogError(Exception):
    """Base of all of them."""


class WrongValue(MockalogError, ValueError):  # noqa: N818
    """Something was given that cannot be sent; the server was not asked."""


class Unreachable(MockalogError):  # noqa: N818 - these are named like what they tell
    """Nobody answers at the address, or somebody who is no mockalog."""


class Refused(MockalogError):  # noqa: N818
    """A control call was refused; the text is the problem document's."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(problem.get("detail") or problem.get("title") or "refused")
        self.problem = problem
        """The whole problem document (RFC 9457)."""
        self.status: int = problem.get("status", 0)


class UnfiredFaults(MockalogError, AssertionError):  # noqa: N818
    """Faults were armed that no call met; the text says which, and what was called instead."""


class UnmatchedRequests(MockalogError, AssertionError):  # noqa: N818
    """Requests were sent that no vendor has an operation for; the text says what came nearest."""
