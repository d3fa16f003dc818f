"""Whole responses: each head is sent with its body."""

from typing import Any, cast

import pytest

from mockalog.server.responses import WholeResponses
from tests.server.factories import Wire

HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
WRITES: list[tuple[list[bytes], list[bytes]]] = [
    ([HEAD, b"body"], [HEAD + b"body"]),
    ([HEAD, b"body", HEAD, b"other"], [HEAD + b"body", HEAD + b"other"]),
    ([HEAD], []),
    ([HEAD, HEAD], [HEAD + HEAD]),
    (
        [b"HTTP/1.1 100 Continue\r\n\r\n", HEAD, b"x"],
        [b"HTTP/1.1 100 Continue\r\n\r\n", HEAD + b"x"],
    ),
    ([b"body"], [b"body"]),
]


@pytest.mark.parametrize(("writes", "sent"), WRITES)
def test_a_head_waits_for_its_body(writes: list[bytes], sent: list[bytes]) -> None:
    """And for nothing else; an interim answer does not wait."""
    wire = Wire()
    answers = WholeResponses(cast(Any, wire))

    for data in writes:
        answers.write(data)

    assert wire.sent == sent


@pytest.mark.parametrize("end", ["flush", "close"])
def test_a_head_without_a_body_goes_at_the_end(end: str) -> None:
    """Once."""
    wire = Wire()
    answers = WholeResponses(cast(Any, wire))
    answers.write(HEAD)

    getattr(answers, end)()
    getattr(answers, end)()

    assert (wire.sent, wire.closed) == ([HEAD], end == "close")
    assert answers.is_closing() is wire.closed


def test_everything_else_is_the_transports() -> None:
    """Such as the address of the other side."""
    assert WholeResponses(cast(Any, Wire())).get_extra_info("peername") == "peername"


@pytest.mark.parametrize(("is_tls", "ends"), [(False, (True, False)), (True, (False, True))])
def test_a_response_that_lingers_leaves_the_other_direction_open(
    *, is_tls: bool, ends: tuple[bool, bool]
) -> None:
    """TLS has no such end."""
    wire = Wire(is_tls=is_tls)
    answers = WholeResponses(cast(Any, wire))
    answers.lingers = True
    answers.write(HEAD)

    answers.close()

    assert (wire.sent, wire.half_closed, wire.closed) == ([HEAD], *ends)
    assert answers.is_closing()


def test_a_response_that_lingers_is_closed_in_the_end() -> None:
    """By the second close."""
    wire = Wire()
    answers = WholeResponses(cast(Any, wire))
    answers.lingers = True

    answers.close()
    answers.close()

    assert (wire.half_closed, wire.closed) == (True, True)
