"""The heads of requests."""

import httptools
import pytest

from mockalog.kernel.errors import BodyTooLargeError
from mockalog.server.heads import MAX_HEAD, is_too_large, refusal_of, target_of, without_upgrade


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (b"/a/b?c=d", (b"/a/b", b"c=d")),
        (b"/a#b", (b"/a", b"")),
        (b"http://h", (b"/", b"")),
        (b"http://h:1/a?b", (b"/a", b"b")),
        (b"http://h?b", (b"/", b"b")),
        (b"*", (b"/", b"")),
        (b"//a", (b"//a", b"")),
    ],
)
def test_the_forms_of_a_target(url: bytes, target: tuple[bytes, bytes]) -> None:
    """RFC 9112, section 3.2: origin, absolute and asterisk."""
    assert target_of(url) == target


@pytest.mark.parametrize("url", [b"", b"h:443", b"/\xff", b"/a b", b"/" * 70_000])
def test_anything_else_is_no_target(url: bytes) -> None:
    """The refusal says so."""
    with pytest.raises(httptools.HttpParserInvalidURLError):
        target_of(url)


def test_a_head_has_at_most_64_kib() -> None:
    """The target and each header count."""
    at_most = [(b"a", b"b" * (MAX_HEAD - 6))]

    assert not is_too_large(b"/", at_most)
    assert is_too_large(b"/a", at_most)


def test_a_head_without_its_upgrade() -> None:
    """The framing of the body and the end of the connection stay."""
    headers = [(b"upgrade", b"h2c"), (b"connection", b"Upgrade, close"), (b"content-length", b"3")]
    rest = b"connection: Upgrade, close\r\ncontent-length: 3\r\n\r\n"

    assert without_upgrade(b"GET", b"/a", "1.0", headers) == b"POST /a HTTP/1.0\r\n" + rest
    assert without_upgrade(b"CONNECT", b"h:1", "1.1", headers) == b"POST / HTTP/1.1\r\n" + rest


def test_a_callbacks_refusal_is_the_refusal() -> None:
    """Not the parser's words for it."""
    error, refusal = httptools.HttpParserCallbackError("callback"), BodyTooLargeError(1)
    error.__context__ = refusal

    assert refusal_of(error) is refusal
