"""The heads of requests: their targets and sizes, and the refusals of those that cannot be read."""

from collections.abc import Iterable

import httptools

from mockalog.kernel.errors import ApiError, UnreadableRequestError

Headers = list[tuple[bytes, bytes]]

# The most bytes of a head. The largest target that httptools parses has as many.
MAX_HEAD = 64 * 1024


def target_of(url: bytes) -> tuple[bytes, bytes]:
    """Return the path and the query of a target: `/a?b`, `http://h/a?b` or `*`.

    Raises `HttpParserInvalidURLError`.
    """
    parsed = httptools.parse_url(url)
    path = parsed.path or b"/"
    return b"/" if path == b"*" else path, parsed.query or b""


def is_too_large(url: bytes, headers: Headers) -> bool:
    """Return whether a head has too many bytes; each header has a colon, a space and a line end."""
    return len(url) + sum(len(name) + len(value) + 4 for name, value in headers) > MAX_HEAD


def without_upgrade(
    method: bytes, url: bytes, version: str, headers: Iterable[tuple[bytes, bytes]]
) -> bytes:
    """Return a head with the same body and the same end of the connection, but no upgrade.

    The target of CONNECT has no path, and the method alone asks for a tunnel.
    """
    lines = [b"POST %b HTTP/%b" % (b"/" if method == b"CONNECT" else url, version.encode())]
    lines += [b"%b: %b" % header for header in headers if header[0] != b"upgrade"]
    return b"\r\n".join([*lines, b"", b""])


def too_large() -> ApiError:
    """Return the refusal of a head without an end."""
    return UnreadableRequestError(
        431, f"the head of the request has more than {MAX_HEAD} bytes: send fewer headers"
    )


def late(seconds: int) -> ApiError:
    """Return the refusal of a request whose rest does not come."""
    return UnreadableRequestError(408, f"no more of the request came in {seconds} s: send it whole")


def refusal_of(error: httptools.HttpParserError) -> ApiError:
    """Return the refusal that a callback of the parser raised, or that of a malformed request."""
    cause = error.__context__ or error
    if isinstance(cause, ApiError):
        return cause
    return UnreadableRequestError(400, f"the request is no HTTP/1.1: {cause}")
