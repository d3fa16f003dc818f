"""The judgement on each response: no failure of ours, no hang, no body of another program."""

import json
import logging
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.conformance import Conformance
from tests.fuzz.mutations import Request

PROBLEM = "application/problem+json"

# The text in place of the body of a response that did not come.
LATE = b"no response in time"


class Response(NamedTuple):
    """A response; status 0 without one, with the reason in `body`.

    `is_armed`: a fault that the run armed may have led to it.
    """

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    is_armed: bool = False

    @property
    def content_type(self) -> str:
        """Return the content type without parameters."""
        found = {name.lower(): value for name, value in self.headers}
        return found.get(b"content-type", b"").decode("latin-1").partition(";")[0]


class Failures(logging.Handler):
    """Collects the errors that the server logs: each is an exception that no code expects."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Collect an error with its traceback."""
        self.texts.append(self.format(record))


class Judge:
    """Collects findings. A response must be of its operation's document, if it has one."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.findings: list[str] = []
        self._failures = Failures()
        self._conformance = Conformance()
        self._conformance.watch(patch)
        patch.setattr(logging.getLogger(), "handlers", [self._failures])

    def judge(self, request: Request, response: Response) -> None:
        """Judge a response, and the errors that the server logged meanwhile."""
        problems = [*problems_of(response, is_control=b"/_mockalog" in request.path[:10])]
        if response.status >= 500 and not response.is_armed:
            problems.append(f"status {response.status}")
        if response.status == 0 and not response.is_armed:
            problems.append(response.body.decode())
        problems += self._failures.texts
        self._failures.texts.clear()
        self.findings += [
            f"{problem}\n  {request}\n  -> {response.status} {response.body[:1_000]!r}"
            for problem in problems
        ]

    def compare(self) -> None:
        """Hold the responses since the last time against their documents."""
        self.findings += self._conformance.judge()


def problems_of(response: Response, *, is_control: bool) -> Iterator[str]:
    """Yield the ways in which a response is of another program."""
    text, status = response.body, response.status
    if b"Traceback (most recent" in text or text == b"Internal Server Error":
        yield "a framework's body"
    if "json" not in response.content_type:
        if status >= 400 and text:
            yield f"an error as {response.content_type!r}"
        return
    try:
        body = json.loads(text)
    except ValueError:
        if text:
            yield "the body is no JSON"
        return
    if status >= 400:
        yield from _shape_problems(body, response.content_type, is_control=is_control)


# Any: JSON.
def _shape_problems(body: Any, content_type: str, *, is_control: bool) -> Iterator[str]:
    """Yield the problems of an error's body: of a problem document, or of a vendor's envelopes."""
    if not isinstance(body, dict):
        yield "an error's body is no object"
    elif content_type == PROBLEM:
        if not {"type", "title", "status", "detail"} <= body.keys():
            yield "no problem document"
    elif is_control:
        yield "an error of the control plane is no problem document"
    elif not body.keys() & {"message", "errors", "error"}:
        yield "no envelope of a vendor"
