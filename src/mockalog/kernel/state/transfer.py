"""State documents: everything in a sandbox, or in every one, as one versioned document.

The same format serves three ends: a whole state to take away and put back, a seed file that
people write, and what a single test wants to start with. One transaction carries each out.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mockalog.kernel.clock import Clock, iso_micros
from mockalog.kernel.database.interfaces import Connection, ConstraintViolationError
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.documents import invariants, table_dumps
from mockalog.kernel.documents.errors import VERSION, InvalidDocumentError, Path, within
from mockalog.kernel.documents.invariants import Invariant
from mockalog.kernel.documents.table_dumps import Rows
from mockalog.kernel.formats.strings import NonEmptyText
from mockalog.kernel.late_imports import after_imports
from mockalog.kernel.sandboxes import credentials, generations
from mockalog.kernel.sandboxes.generations import SandboxRow
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.sandboxes.settings import InvalidSettingError
from mockalog.kernel.state.schema import CredentialState, Document, document_of
from mockalog.kernel.state.seeding import Seeder
from mockalog.kernel.vendor.fault_rules import InvalidFaultError, check_stored
from mockalog.kernel.vendor.permissions import UnknownPermissionError, check_permissions
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor

_NAME: TypeAdapter[str] = TypeAdapter(NonEmptyText)


class State:
    """Takes states out of a running server and puts them in."""

    def __init__(self, runtime: Runtime, vendors: Mapping[str, Vendor]) -> None:
        self._runtime = runtime
        self._vendors = vendors
        sections = tuple((vendor.name, vendor.api.seed()) for vendor in vendors.values())
        self._document = document_of(sections)

    async def export(self, sandbox: Sandbox | None) -> dict[str, Any]:
        """Return a sandbox's document, or (None) that of the whole server."""
        async with self._runtime.database.transaction() as connection:
            await connection.snapshot_isolation()
            rows = await generations.live(connection, None if sandbox is None else sandbox.name)
            found = {row.name: await _exported(connection, row) for row in rows}
        if sandbox is None:
            return {"mockalog": VERSION, "sandboxes": found}
        return {"mockalog": VERSION, **found.get(sandbox.name, {})}

    def check(self, value: Any) -> dict[str, Document]:
        """Return the documents that a value holds, by sandbox; `""` is the one that is meant.

        Raises `InvalidDocumentError`.
        """
        version = value.get("mockalog") if isinstance(value, dict) else None
        # In Python `true` and 1.0 are 1 too.
        if version != VERSION or type(version) is not int:
            raise InvalidDocumentError(
                f"expected the version of the format: {VERSION}", ("mockalog",)
            )
        if "sandboxes" not in value:
            return {"": self._checked(value, ())}
        if value.keys() - {"mockalog", "sandboxes"}:
            raise InvalidDocumentError(
                "beside sandboxes only the version can stand", ("sandboxes",)
            )
        if not isinstance(value["sandboxes"], dict):
            raise InvalidDocumentError("expected documents by name", ("sandboxes",))
        return {
            _checked_name(name): self._checked(one, ("sandboxes", name))
            for name, one in value["sandboxes"].items()
        }

    def _checked(self, value: Any, at: Path) -> Document:
        try:
            document = self._document.model_validate(value)
            self._runtime.setting_registry.checked(document.settings)
            with within(at):
                table_dumps.check(document.tables)
                self._check_faults(document)
                self._check_jobs(document)
        except ValidationError as error:
            raise _invalid(error, at) from None
        except InvalidSettingError as error:
            raise InvalidDocumentError(str(error), (*at, "settings")) from None
        for number, known in enumerate(document.credentials):
            with within((*at, "credentials", number)):
                self._check_credential(known)
        return document

    def _check_credential(self, known: CredentialState) -> None:
        """Let no credential in that could not be registered."""
        vendors = self._vendors
        if known.vendor not in vendors:
            raise InvalidDocumentError(f"expected one of: {', '.join(vendors)}", ("vendor",))
        try:
            check_permissions(known.permissions, vendors[known.vendor])
        except UnknownPermissionError as error:
            raise InvalidDocumentError(str(error), ("permissions",)) from None

    def _check_faults(self, document: Document) -> None:
        """Let no fault in that could not be armed: it would strike with nothing to say."""
        for at, fault in _rows(document, "faults"):
            try:
                check_stored(fault, self._vendors)
            except InvalidFaultError as error:
                raise InvalidDocumentError(str(error), at) from None

    def _check_jobs(self, document: Document) -> None:
        """Let no job in that is to be done and that nobody can do."""
        kinds = {kind for vendor in self._vendors.values() for kind in vendor.api.jobs}
        for at, job in _rows(document, "jobs"):
            if job["state"] == "pending" and job["kind"] not in kinds:
                raise InvalidDocumentError(f"there is no kind of job {job['kind']!r}", at)

    async def replace(self, sandbox: Sandbox | None, found: Mapping[str, Document]) -> None:
        """Let a sandbox be what its document says and nothing else; None: the whole server."""
        if sandbox is None:
            await after_imports(lambda: self._begin(found, TEMPLATE, alone=True))
        elif "" in found:
            await after_imports(lambda: self._begin(found, sandbox.name))
        else:
            raise InvalidDocumentError(
                "a whole server's state is not one sandbox's", ("sandboxes",)
            )

    async def begin_with(self, found: Mapping[str, Document]) -> set[str]:
        """Let what new sandboxes start with be what a document says; return whom it names."""
        return await after_imports(lambda: self._begin(found, TEMPLATE))

    async def _begin(
        self, found: Mapping[str, Document], unnamed: str, *, alone: bool = False
    ) -> set[str]:
        """Give sandboxes new identities that are as their documents say; nobody else has one."""
        runtime = self._runtime
        async with runtime.database.transaction() as connection:
            template = await generations.lock_template(connection)
            if alone:
                await generations.retire_all(connection)
            for key, document in found.items():
                name = key or unnamed
                await generations.retire(connection, name)
                await generations.begin(connection, name, None if unnamed == TEMPLATE else template)
                with within(("sandboxes", key) if key else ()):
                    await self._apply(connection, name, document)
            runtime.sandboxes.forget()
        return {key or unnamed for key in found}

    async def add(
        self, sandbox: Sandbox | None, found: Mapping[str, Document], *, rebases: bool = False
    ) -> None:
        """Add to a sandbox what its document says; None: to what new sandboxes start with.

        `rebases`: the whole server's baseline is what they start with then.
        """
        document = found.get("")
        if document is None:
            raise InvalidDocumentError("a seed is of one sandbox", ("sandboxes",))
        if document.tables:
            raise InvalidDocumentError("rows as stored replace a whole state: put it", ("tables",))
        name = TEMPLATE if sandbox is None else sandbox.name
        while not await after_imports(lambda: self._add(name, document, rebases=rebases)):
            pass

    async def _add(self, name: str, document: Document, *, rebases: bool) -> bool:
        """Add to a sandbox; return False if it was reset after it was opened."""
        runtime = self._runtime
        await runtime.sandboxes.open(name)
        async with runtime.database.transaction() as connection:
            row = await generations.lock(connection, name)
            if row is not None:
                await self._apply(connection, name, document)
                if rebases:
                    await runtime.snapshots.rebase(connection, row.id)
            runtime.sandboxes.forget()
        return row is not None

    async def _apply(self, connection: Connection, name: str, document: Document) -> None:
        """Bring about what a document says; what a constraint refuses is the document's fault."""
        row = await generations.find(connection, name)
        assert row is not None
        try:
            await table_dumps.load(connection, row.id, document.tables)
        except ConstraintViolationError:
            raise InvalidDocumentError(
                "some rows cannot stand beside others", table_dumps.AT
            ) from None
        if document.tables:
            await invariants.check(connection, row.id, self._invariants())
        await _know(connection, name, document)
        clock = Clock(row.clock_mode, row.clock_value)
        if document.clock is not None:
            clock = document.clock.clock()
        sandbox = Sandbox(row.id, name, clock)
        await self._seed(connection, sandbox, document)
        await self._runtime.sandboxes.set_clock(connection, sandbox, clock)
        checked = self._runtime.setting_registry.checked(document.settings)
        await self._runtime.sandboxes.change_settings(connection, sandbox, checked)
        if name == TEMPLATE:
            await generations.release_prepared_copies(connection, row.id)
            await generations.mark_seeded(connection, row.id)

    def _invariants(self) -> Iterator[Invariant]:
        for vendor in self._vendors.values():
            yield from vendor.api.invariants()

    async def _seed(self, connection: Connection, sandbox: Sandbox, document: Document) -> None:
        """Apply the vendors' sections, under default settings: no delays, no limits."""
        for vendor in self._vendors.values():
            seed = getattr(document, vendor.name)
            if seed is not None:
                with within((vendor.name,)):
                    await seed.apply(Seeder(self._runtime, vendor, connection, sandbox))


def _rows(document: Document, table: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the path and the values by column of each row of a checked table."""
    given = document.tables.get(table) or Rows(columns=[], rows=[])
    for number, row in enumerate(given.rows):
        yield (*table_dumps.AT, table, "rows", number), dict(zip(given.columns, row, strict=True))


async def _exported(connection: Connection, row: SandboxRow) -> dict[str, Any]:
    clock: dict[str, Any] = {"mode": row.clock_mode}
    if row.clock_mode == "frozen":
        clock["now"] = iso_micros(row.clock_value)
    else:
        clock["shift"] = row.clock_value
    return {
        "settings": json.loads(row.settings),
        "clock": clock,
        "credentials": await credentials.of_sandbox(connection, row.name),
        "tables": await table_dumps.dump(connection, row.id),
    }


async def _know(connection: Connection, name: str, document: Document) -> None:
    """Register credentials; none that opens another sandbox."""
    rows = [known.row(name) for known in document.credentials]
    for number, row in enumerate(rows):
        at: Path = ("credentials", number)
        if name != TEMPLATE and row["sandbox"] != name:
            raise InvalidDocumentError("it would open another sandbox", (*at, "sandbox"))
        if not await credentials.put_back(connection, [row]):
            raise InvalidDocumentError("it opens another sandbox already", at)


def _checked_name(name: str) -> str:
    try:
        return _NAME.validate_python(name)
    except ValidationError as error:
        raise _invalid(error, ("sandboxes", name)) from None


def _invalid(error: ValidationError, at: Path) -> InvalidDocumentError:
    """Return the first problem that Pydantic found; its path without Pydantic's own words."""
    first = error.errors()[0]
    path = (*at, *first["loc"])
    if key := first.get("ctx", {}).get("at"):
        path = (*path, key)
    return InvalidDocumentError(first["msg"].removeprefix("Value error, "), path)
