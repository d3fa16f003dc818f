"""Messages between the server and its query process: JSON, after its length in four bytes."""

import struct
from typing import IO, Any

from mockalog.kernel.formats.json import dumps, loads_stored

_LENGTH = struct.Struct(">I")


def send(stream: IO[bytes], message: object) -> None:
    """Send a message; raises `OSError` if the other side has ended."""
    text = dumps(message)
    stream.write(_LENGTH.pack(len(text)))
    stream.write(text)
    stream.flush()


# Any: each side checks the members that it reads.
def receive(stream: IO[bytes]) -> Any:
    """Return the next message, None if the other side has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    text = stream.read(length)
    return loads_stored(text.decode()) if len(text) == length else None
