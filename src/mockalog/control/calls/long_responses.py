"""Long responses: JSON in pieces, because one long body delays all other calls."""

from collections.abc import AsyncIterator, Mapping
from typing import NamedTuple

from pydantic_core import to_json

from mockalog.kernel.http.responses import JSON, Headers

# Bytes of a piece: a socket takes some more at once.
PIECE = 128 * 1024


class LongResponse(NamedTuple):
    """A complete response whose body is sent piece by piece."""

    status: int
    pieces: tuple[bytes, ...]
    headers: Headers = ()
    content_type: bytes | None = JSON

    @property
    def body(self) -> bytes:
        """The whole body, as `Response` has it."""
        return b"".join(self.pieces)


def list_end(more: Mapping[str, object]) -> bytes:
    """Return the JSON after the entries of a list, with more keys."""
    fields = [b',"%b":%b' % (name.encode(), to_json(value)) for name, value in more.items()]
    return b"]" + b"".join(fields) + b"}"


async def long_list(head: bytes, entries: AsyncIterator[object], tail: bytes) -> LongResponse:
    """Return a response with the entries as JSON, between the JSON before and after them.

    Each entry is serialized when it comes, so that the iterator can give way to other calls.
    """
    pieces, piece, separator = [], bytearray(head), b""
    async for entry in entries:
        piece += separator
        piece += to_json(entry, inf_nan_mode="null")
        separator = b","
        if len(piece) >= PIECE:
            pieces.append(bytes(piece))
            piece.clear()
    return LongResponse(200, (*pieces, bytes(piece + tail)))
