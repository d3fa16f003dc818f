"""A connection pooler as PgBouncer is one: it reads the startup packet, and passes the rest on."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import make_url

# PostgreSQL's codes in place of a protocol version: requests for encryption.
ENCRYPTIONS = (80877103, 80877104)


class Pooler:
    """Passes connections on to a server's socket, without the parameter `options`.

    If it `refuses`, it answers a packet with `options` as PgBouncer does.
    """

    def __init__(self, address: str, *, refuses: bool) -> None:
        self._address = address
        self._refuses = refuses
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.refused = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client = self._listening.accept()[0]
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            code, body = _packet(client)
            while code in ENCRYPTIONS:
                client.sendall(b"N")
                code, body = _packet(client)
            fields = body.rstrip(b"\0").split(b"\0")
            given = dict(zip(fields[::2], fields[1::2], strict=True))
            if given.pop(b"options", None) and self._refuses:
                self.refused += 1
                client.sendall(_error(b"unsupported startup parameter: options"))
                return
            server.connect(self._address)
            head = b"".join(b"%s\0%s\0" % pair for pair in given.items()) + b"\0"
            server.sendall(struct.pack("!II", len(head) + 8, code) + head)
            threading.Thread(target=_copy, args=(server, client), daemon=True).start()
            _copy(client, server)


def _packet(client: socket.socket) -> tuple[int, bytes]:
    size, code = struct.unpack("!II", client.recv(8, socket.MSG_WAITALL))
    return code, client.recv(size - 8, socket.MSG_WAITALL) if size > 8 else b""


def _error(text: bytes) -> bytes:
    body = b"SFATAL\0VFATAL\0C08P01\0M" + text + b"\0\0"
    return b"E" + struct.pack("!I", len(body) + 4) + body


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while received := source.recv(65536):
            target.sendall(received)
        target.shutdown(socket.SHUT_WR)


# Any: SQLAlchemy's URL has no type for the values of its query.
@contextmanager
def pooled(url: str, *, refuses: bool) -> Iterator[tuple[Pooler, str]]:
    """Yield a pooler in front of a server, and the URL of the same database behind it."""
    direct = make_url(url)
    folder: Any = direct.query["host"]
    pooler = Pooler(f"{folder}/.s.PGSQL.5432", refuses=refuses)
    behind = direct.set(host="127.0.0.1", port=pooler.port, query={})
    try:
        yield pooler, behind.render_as_string(hide_password=False)
    finally:
        pooler.close()
