"""Sandboxes: finding, creating and changing them.

A sandbox is found by its name. A credential opens the sandbox that it was registered for, otherwise
the one that is named after it. A reset gives the name to a new row. That row owns no other rows,
and it has a fresh clock and empty rate limits.
"""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mockalog.kernel.clock import Clock, machine_now
from mockalog.kernel.database.interfaces import Connection, Database
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.sandboxes import credentials, generations, statements
from mockalog.kernel.sandboxes.cleanup import Cleanup
from mockalog.kernel.sandboxes.credentials import Credential, digest
from mockalog.kernel.sandboxes.generations import SandboxRow
from mockalog.kernel.sandboxes.prepared_copies import PreparedCopies
from mockalog.kernel.sandboxes.uses import Uses
from mockalog.kernel.turns import Turns

# Entries of a cache, which starts over beyond. A test run opens a few thousand sandboxes.
MAX_CACHED = 10_000


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The isolated world that a credential opens, as it is at the start of a request."""

    id: int
    name: str
    clock: Clock = field(default_factory=Clock)
    settings: Mapping[str, Any] = field(default_factory=dict)
    next_due: int | None = None
    # A fault can apply to its calls. Otherwise no call queries the faults.
    armed: bool = False

    def has_due(self, now: int) -> bool:
        """Return whether a job must run before the request."""
        return self.next_due is not None and self.next_due <= now


class Sandboxes:
    """Finds and opens sandboxes and credentials, and caches them.

    The cache is valid while `Database.version` stays the same and this process writes nothing: on
    SQLite a request then needs no query to find its sandbox.
    """

    def __init__(self, database: Database, *, strict: bool = False) -> None:
        self._database = database
        self._strict = strict
        self.cleanup = Cleanup(database)
        self.prepared_copies = PreparedCopies(database, self.cleanup)
        self.uses = Uses(database)
        self._version: int | None = None
        self._sandboxes: dict[str, Sandbox] = {}
        self._credentials: dict[tuple[str | None, str], Credential | None] = {}
        self._derived: dict[Any, Any] = {}
        self.generation = 0
        """Grows with each `forget`."""

    def forget(self) -> None:
        """Drop the cache; code that writes one of the two tables calls this."""
        self._sandboxes.clear()
        self._credentials.clear()
        self._derived.clear()
        self.generation += 1

    # Any: the caller knows the type that it cached.
    def recall(self, key: Any) -> Any | None:
        """Return a cached value that was derived from sandboxes and credentials."""
        self._refresh()
        return self._derived.get(key)

    def remember(self, key: object, derived: object, generation: int) -> None:
        """Cache a derived value if the cache was not dropped since that generation."""
        if self._refresh() and generation == self.generation:
            _keep(self._derived, key, derived)

    def _refresh(self) -> bool:
        """Drop the cache if another process may have written; return whether caching is allowed."""
        version = self._database.version()
        if version is None or version != self._version:
            self._version = version
            self.forget()
        return version is not None

    async def open(self, name: str) -> Sandbox:
        """Return the sandbox of that name, created on first use."""
        remembering = self._refresh()
        if sandbox := self._sandboxes.get(name):
            return sandbox
        sandbox = await self._load(name) or await self._create(name)
        if remembering:
            _keep(self._sandboxes, name, sandbox)
        return sandbox

    async def find(self, name: str) -> Sandbox | None:
        """Return the sandbox of that name, None if it does not exist."""
        self._refresh()
        return self._sandboxes.get(name) or await self._load(name)

    async def of_caller(
        self, token: str, name: str | None, *, opens_unknown: bool = True
    ) -> Sandbox | None:
        """Return the sandbox that a header names or that a credential of any vendor opens.

        Return None without either, or if the name is the template's. Without `opens_unknown` an
        unknown credential opens only a sandbox that exists.
        """
        named = None if name == TEMPLATE else name
        if named and opens_unknown:
            return await self.open(named)
        known = await self.credential(None, digest(token)) if token else None
        own = known.sandbox if known else token and digest(token)
        if not (meant := named or own):
            return None
        return await (self.open if opens_unknown or known else self.find)(meant)

    async def knows(self, token: str) -> bool:
        """Return whether a token was registered or issued, or has opened a sandbox of its own."""
        token_digest = digest(token)
        known = await self.credential(None, token_digest) or await self.find(token_digest)
        return known is not None

    async def may_name(self, name: str, token: str) -> bool:
        """Return whether a caller may name a sandbox, on a strict server only one of its own.

        A caller's own sandbox is one that its credential opens, or one without an owner.
        """
        if not self._strict:
            return True
        async with self._database.transaction() as connection:
            return await credentials.may_name(connection, name, digest(token))

    async def _load(self, name: str) -> Sandbox | None:
        async with self._database.transaction() as connection:
            row = await generations.find(connection, name)
        return None if row is None else _sandbox(row)

    async def _create(self, name: str) -> Sandbox:
        """Create it from the template; of two calls at once, both get the same sandbox."""
        return await self.prepared_copies.after_copies(lambda: self._begin(name))

    async def _begin(self, name: str) -> Sandbox:
        async with self._database.transaction() as connection:
            template = await generations.lock(connection, TEMPLATE)
            await self.begin_baseline(connection, name, template)
            row = await generations.find(connection, name)
        assert row is not None
        return _sandbox(row)

    async def begin_baseline(
        self, connection: Connection, name: str, template: SandboxRow | None
    ) -> None:
        """Give a name to a copy of the template, if the name is free.

        `template` is its locked row: of many calls at once, one takes the prepared copy. Raises
        `LargeCopyError`.
        """
        if template is None or not template.seeded:
            await generations.begin(connection, name, template)
            return
        if not await generations.take_prepared_copy(connection, name, template.id):
            await generations.create_copy(connection, name, template.id, inheriting=True)
        self.prepared_copies.prepare()

    async def all(self, turns: Turns | None = None) -> list[Sandbox]:
        """Return every sandbox that has a name, the template included, oldest first.

        Raises `ClientLeftError`.
        """
        found, turns = list[Sandbox](), turns or Turns()
        async with self._database.reading() as reader:
            async for rows in generations.read_live(reader):
                found += map(_sandbox, rows)
                await turns.give_way()
        return found

    async def set_clock(self, connection: Connection, sandbox: Sandbox, clock: Clock) -> None:
        """Give a sandbox another clock."""
        values = {"sandbox_id": sandbox.id, "new_mode": clock.mode, "new_value": clock.value}
        await connection.run(statements.SET_CLOCK, values)
        self.forget()

    async def freeze(self, connection: Connection, sandbox: Sandbox) -> None:
        """Freeze a sandbox's clock at its present instant, `LATEST` at most."""
        values = {"sandbox_id": sandbox.id, "machine_now": machine_now()}
        await connection.run(statements.FREEZE, values)
        self.forget()

    async def advance(self, connection: Connection, sandbox: Sandbox, microseconds: int) -> None:
        """Advance a sandbox's clock; of two calls at once, both count."""
        await connection.run(statements.ADVANCE, {"sandbox_id": sandbox.id, "step": microseconds})
        self.forget()

    async def change_settings(
        self, connection: Connection, sandbox: Sandbox, changes: Mapping[str, object]
    ) -> None:
        """Change some settings of a sandbox; of two calls at once, both hold."""
        await connection.begin_writing()
        row = await connection.first(statements.SETTINGS, {"sandbox_id": sandbox.id})
        settings = {**json.loads("{}" if row is None else row.settings), **changes}
        values = {"sandbox_id": sandbox.id, "new_settings": json.dumps(settings)}
        await connection.run(statements.SET_SETTINGS, values)
        self.forget()

    async def credential(self, vendor: str | None, token_digest: str) -> Credential | None:
        """Return the known credential of a vendor, or (None) of any vendor."""
        remembering = self._refresh()
        key = vendor, token_digest
        if key in self._credentials:
            return self._credentials[key]
        statement = credentials.FIND_OF_ANY_VENDOR if vendor is None else credentials.FIND
        async with self._database.transaction() as connection:
            values = {"digest": token_digest, "vendor": vendor}
            row = await connection.first(statement, values)
        found = None if row is None else credentials.from_row(row)
        if remembering:
            _keep(self._credentials, key, found)
        return found

    async def credentials(self) -> AsyncIterator[Credential]:
        """Yield the registered credentials, oldest first, without issued tokens."""
        last, found = 0, True
        while found:
            async with self._database.transaction() as connection:
                rows = await connection.all(credentials.LIST, {"last": last})
            for row in rows:
                yield credentials.from_row(row)
                last = row.id
            found = len(rows) == credentials.PAGE

    async def register(
        self,
        connection: Connection,
        vendor: str,
        token: str,
        *,
        sandbox: str,
        permissions: frozenset[str],
        subject: Mapping[str, object],
        issued: bool = False,
        expires_at: int | None = None,
        home: str | None = None,
    ) -> int | None:
        """Store a credential, or replace the stored one; return its id.

        With `home`, a stored one that opens another sandbox than that stays: return None.
        """
        values = {
            "vendor": vendor,
            "digest": digest(token),
            "sandbox": sandbox,
            "permissions": json.dumps(sorted(permissions)),
            "subject": json.dumps(dict(subject)),
            "issued": issued,
            "expires_at": expires_at,
            "revoked": False,
            "created_at": machine_now(),
        }
        self.forget()
        return await credentials.register(connection, values, home)

    async def revoke(self, connection: Connection, token_digest: str) -> None:
        """Make an issued token invalid; it stays stored, so that it opens no new sandbox."""
        self.forget()
        await connection.run(credentials.REVOKE, {"old_digest": token_digest})

    async def unregister(
        self, connection: Connection, credential_id: int, sandbox: str | None
    ) -> bool:
        """Delete a registered credential of one sandbox or (None) of any; False: not found."""
        self.forget()
        statement = credentials.FORGET if sandbox is None else credentials.FORGET_OF_SANDBOX
        values = {"credential_id": credential_id, "of": sandbox}
        return await connection.run(statement, values) == 1


def _keep(memory: dict[Any, Any], key: Any, value: Any) -> None:
    if len(memory) >= MAX_CACHED:
        memory.clear()
    memory[key] = value


def _sandbox(row: SandboxRow) -> Sandbox:
    clock, settings = Clock(row.clock_mode, row.clock_value), json.loads(row.settings)
    return Sandbox(row.id, row.name, clock, settings, row.next_due, bool(row.armed))
