"""A short run of odd calls; `python -m tests.fuzz.calls --calls 100000` makes a long one."""

import pytest

from tests.fuzz.calls import running
from tests.fuzz.judge import Response, problems_of

PROBLEM = "application/problem+json"


def test_odd_calls_get_the_vendors_responses(database_url: str) -> None:
    """No exception, no hang and no framework's body, on either database."""
    calls = 250 if database_url.startswith("sqlite") else 80
    with running(database_url, seed=1) as run:
        assert run.go(calls) == []


def test_odd_calls_over_a_connection() -> None:
    """As in process; here each byte goes through the server's parser."""
    with running("sqlite://", seed=2, sockets=True) as run:
        assert run.go(150) == []


def test_an_unexpected_exception_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shown with its traceback and with the request."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mockalog.kernel.vendor.call.Call.enter", broken)
    with running("sqlite://", seed=1) as run:
        findings = run.go(30)

    assert any("ZeroDivisionError" in one and "authorization" in one for one in findings)


@pytest.mark.parametrize(
    ("status", "content_type", "body", "is_control", "problem"),
    [
        (404, "application/json", b'{"message":"Not Found"}', False, ""),
        (404, "application/json", b'{"detail":"Not Found"}', False, "no envelope of a vendor"),
        (404, "application/json", b'["Not Found"]', False, "an error's body is no object"),
        (404, "application/json", b"{", False, "the body is no JSON"),
        (404, "text/plain", b"Not Found", False, "an error as 'text/plain'"),
        (404, "application/json", b'{"errors":[]}', True, "is no problem document"),
        (404, PROBLEM, b'{"title":"Not Found"}', True, "no problem document"),
        (200, "text/html", b"Internal Server Error", True, "a framework's body"),
        (204, "", b"", False, ""),
    ],
)
def test_a_foreign_body_is_a_finding(
    status: int, content_type: str, body: bytes, is_control: bool, problem: str
) -> None:
    """The judge itself must be able to fail."""
    response = Response(status, ((b"content-type", content_type.encode()),), body)

    found = list(problems_of(response, is_control=is_control))

    assert problem in "".join(found)
    assert bool(found) is bool(problem)
