"""The servers on one PostgreSQL database, and how they ask each other.

Each process has a row in the table `servers` and renews it every `HEARTBEAT_SECONDS` by the
database's clock. A row that is too old belongs to a server that has ended. Servers ask each other
over HTTP. The secret that allows it is in the row, so only servers of the same database know it.
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import BigInteger, bindparam, cast, delete, extract, func, insert, select, update
from sqlalchemy.sql.functions import coalesce

from mockalog.kernel.clock import SECOND
from mockalog.kernel.database.interfaces import (
    NO_VALUES,
    Connection,
    Database,
    DatabaseUnavailableError,
    IdRow,
    Query,
)
from mockalog.kernel.database.models import servers
from mockalog.kernel.journal.messages import AbsentError, JournalRequest, Reply, lines_in, reply_of
from mockalog.kernel.late_imports import import_in_thread, missing

if TYPE_CHECKING:
    import httpx

# The path at which a server answers the others, and the header with its secret.
JOURNAL_PATH = "/_mockalog/servers/journal"
SERVER_HEADER = "x-mockalog-server"

# Seconds between two signs of life, and after how many seconds without one a server has ended.
HEARTBEAT_SECONDS = 5.0
ENDED_SECONDS = 15

# Seconds that a server may need beyond the silence of its own workers.
HOP_SECONDS = 1.0

_now = cast(extract("epoch", func.now()) * SECOND, BigInteger)
_is_ended = servers.c.seen_at < _now - ENDED_SECONDS * SECOND


class _AddressRow(NamedTuple):
    address: str


class _ServerRow(NamedTuple):
    url: str
    secret: str
    certificate: str | None


# The address from which the database sees this server; NULL through a Unix socket.
_ADDRESS = Query(
    select(coalesce(func.host(func.inet_client_addr()), "127.0.0.1").label("address")), _AddressRow
)
_REGISTER = Query(
    insert(servers)
    .values(
        url=bindparam("url"),
        secret=bindparam("secret"),
        certificate=bindparam("certificate"),
        seen_at=_now,
    )
    .returning(servers.c.id),
    IdRow,
)
_RENEW = update(servers).where(servers.c.id == bindparam("own_id")).values(seen_at=_now)
_LEAVE = delete(servers).where(servers.c.id == bindparam("own_id"))
_FORGET = delete(servers).where(_is_ended)
_OTHERS = Query(
    select(servers.c.url, servers.c.secret, servers.c.certificate)
    .where(servers.c.url != bindparam("own_url"), ~_is_ended)
    .distinct()
    .order_by(servers.c.url),
    _ServerRow,
)


class Registration(NamedTuple):
    """How the other servers reach this one.

    `url` has the host `*` if the server listens on every address of its machine. `certificate` is
    its authority (PEM), if it serves https.
    """

    url: str
    secret: str
    certificate: str | None = None


class Server:
    """Another server on the same database."""

    def __init__(self, row: _ServerRow, client: "httpx.AsyncClient") -> None:
        self.name = row.url
        self._secret = row.secret
        self._client = client

    async def ask(self, request: JournalRequest) -> Reply:
        """Return the reply of the server; raises `AbsentError`."""
        import httpx

        try:
            async with aclosing(self._lines(request)) as lines:
                return await reply_of(lines)
        except httpx.HTTPError as error:
            raise AbsentError(repr(error)) from None

    async def _lines(self, request: JournalRequest) -> AsyncGenerator[bytes]:
        headers = {SERVER_HEADER: self._secret, "content-type": "application/json"}
        async with self._client.stream(
            "POST",
            self.name + JOURNAL_PATH,
            content=request.packed(),
            headers=headers,
            timeout=request.seconds + HOP_SECONDS,
        ) as response:
            response.raise_for_status()
            async for line in lines_in(response.aiter_bytes()):
                yield line


class Servers:
    """This process among all processes on the same database."""

    def __init__(self, database: Database, registration: Registration) -> None:
        self._database = database
        self._registration = registration
        self._own_id = 0
        self._heartbeat: asyncio.Task[None] | None = None
        self._clients: dict[_ServerRow, httpx.AsyncClient] = {}

    async def start(self) -> int:
        """Register; return the number of this process, which no other one ever has."""
        async with self._database.transaction() as connection:
            await connection.run(_FORGET, NO_VALUES)
            if "//*" in self._registration.url:
                self._registration = await _addressed(connection, self._registration)
            await self._register(connection)
        number = self._own_id
        self._heartbeat = asyncio.create_task(self._renew_forever())
        return number

    async def close(self) -> None:
        """Leave. The row of a server that cannot do so ends by itself."""
        if self._heartbeat is None:
            return
        self._heartbeat.cancel()
        await asyncio.gather(self._heartbeat, return_exceptions=True)
        for client in self._clients.values():
            await client.aclose()
        with suppress(DatabaseUnavailableError):
            async with self._database.transaction() as connection:
                await connection.run(_LEAVE, {"own_id": self._own_id})

    async def others(self) -> list[Server]:
        """Return the other servers that have given a sign of life."""
        async with self._database.transaction() as connection:
            rows = await connection.all(_OTHERS, {"own_url": self._registration.url})
        if rows and missing(["httpx"]):
            await import_in_thread(["httpx"])
        for gone in self._clients.keys() - set(rows):
            await self._clients.pop(gone).aclose()
        return [Server(row, self._client(row)) for row in rows]

    async def renew(self) -> None:
        """Give a sign of life; register again if another server has removed the row."""
        async with self._database.transaction() as connection:
            if not await connection.run(_RENEW, {"own_id": self._own_id}):
                await self._register(connection)

    async def _renew_forever(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            with suppress(DatabaseUnavailableError):  # calls report the outage
                await self.renew()

    async def _register(self, connection: Connection) -> None:
        row = await connection.first(_REGISTER, self._registration._asdict())
        assert row is not None
        self._own_id = row.id

    def _client(self, row: _ServerRow) -> "httpx.AsyncClient":
        """Return the client of a server, which trusts that server's authority only."""
        import httpx

        if row not in self._clients:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            # The address may be missing in the certificate; the authority is the server's own.
            context.check_hostname = False
            if row.certificate is not None:
                context.load_verify_locations(cadata=row.certificate)
            # A kept connection with TLS would outlive a server that stops at the same time.
            limits = httpx.Limits(max_keepalive_connections=0 if row.certificate else None)
            self._clients[row] = httpx.AsyncClient(verify=context, trust_env=False, limits=limits)
        return self._clients[row]


async def _addressed(connection: Connection, registration: Registration) -> Registration:
    """Return the registration with the address from which the database sees this server."""
    found = await connection.first(_ADDRESS, NO_VALUES)
    assert found is not None
    host = f"[{found.address}]" if ":" in found.address else found.address
    return registration._replace(url=registration.url.replace("//*", f"//{host}", 1))
