"""State documents: export and import of one sandbox or of all, as one versioned document.

The format has three uses: the export and import of a whole state, seed files, and the initial state
of a single test. Each import is one transaction.
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
from mockalog.kernel.formats.json import loads_stored
from mockalog.kernel.formats.json_columns import validation_error
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
    """Exports states from a running server and imports them."""

    def __init__(self, runtime: Runtime, vendors: Mapping[str, Vendor]) -> None:
        self._runtime = runtime
        self._vendors = vendors
        sections = tuple((vendor.name, vendor.api.seed()) for vendor in vendors.values())
        self._document = document_of(sections)

    async def export(self, sandbox: Sandbox | None) -> dict[str, object]:
        """Return the document of a sandbox, or of the whole server for None."""
        async with self._runtime.database.transaction() as connection:
            await connection.snapshot_isolation()
            rows = await generations.live(connection, None if sandbox is None else sandbox.name)
            found = {row.name: await _exported(connection, row) for row in rows}
        if sandbox is None:
            return {"mockalog": VERSION, "sandboxes": found}
        return {"mockalog": VERSION, **found.get(sandbox.name, {})}

    def check(self, value: object) -> dict[str, Document]:
        """Return the documents in a value by the name of their sandbox.

        The name is "" for a document of one sandbox, which names none. Raises
        `InvalidDocumentError`.
        """
        if not isinstance(value, dict) or not _is_version(value.get("mockalog")):
            raise InvalidDocumentError(
                f"expected the version of the format: {VERSION}", ("mockalog",)
            )
        if "sandboxes" not in value:
            return {"": self._checked(value, ())}
        if value.keys() - {"mockalog", "sandboxes"}:
            raise InvalidDocumentError(
                "beside sandboxes, only the version is allowed", ("sandboxes",)
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
        for number, credential in enumerate(document.credentials):
            with within((*at, "credentials", number)):
                self._check_credential(credential)
        return document

    def _check_credential(self, credential: CredentialState) -> None:
        """Refuse a credential that a caller could not register either."""
        vendors = self._vendors
        if credential.vendor not in vendors:
            raise InvalidDocumentError(f"expected one of: {', '.join(vendors)}", ("vendor",))
        try:
            check_permissions(credential.permissions, vendors[credential.vendor])
        except UnknownPermissionError as error:
            raise InvalidDocumentError(str(error), ("permissions",)) from None

    def _check_faults(self, document: Document) -> None:
        """Refuse faults that a caller could not arm: they have no response."""
        for at, fault in _rows(document, "faults"):
            try:
                check_stored(fault, self._vendors)
            except InvalidFaultError as error:
                raise InvalidDocumentError(str(error), at) from None

    def _check_jobs(self, document: Document) -> None:
        """Refuse pending jobs that no vendor can run: of an unknown kind or a wrong payload."""
        kinds = {
            name: kind for one in self._vendors.values() for name, kind in one.api.jobs.items()
        }
        for at, job in _rows(document, "jobs"):
            if job["state"] != "pending":
                continue
            if job["kind"] not in kinds:
                raise InvalidDocumentError(f"job kind {job['kind']!r} does not exist", at)
            payload = loads_stored(job["payload"])
            if error := validation_error(kinds[job["kind"]].payload, payload):
                raise InvalidDocumentError(f"payload of {job['kind']}: {error}", at)

    async def replace(self, sandbox: Sandbox | None, found: Mapping[str, Document]) -> None:
        """Replace a sandbox, or the whole server for None, by the state of its documents."""
        if sandbox is None:
            await after_imports(lambda: self._begin(found, TEMPLATE, retires_all=True))
        elif "" in found:
            await after_imports(lambda: self._begin(found, sandbox.name))
        else:
            raise InvalidDocumentError(
                "the state of a whole server cannot replace one sandbox", ("sandboxes",)
            )

    async def start_with(self, found: Mapping[str, Document]) -> set[str]:
        """Replace the template and all sandboxes that the documents name; return their names."""
        return await after_imports(lambda: self._begin(found, TEMPLATE))

    async def _begin(
        self, found: Mapping[str, Document], unnamed: str, *, retires_all: bool = False
    ) -> set[str]:
        """Give sandboxes new generations with the state of their documents; return their names.

        `unnamed` is the sandbox of the document without a name. With `retires_all` no other sandbox
        stays.
        """
        runtime = self._runtime
        async with runtime.database.transaction() as connection:
            template = await generations.lock_template(connection)
            if retires_all:
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
        """Add the state of a document to a sandbox, or to the template for None.

        With `rebases` the result becomes the server's baseline. Raises `InvalidDocumentError`.
        """
        document = found.get("")
        if document is None:
            raise InvalidDocumentError(
                "a seed describes one sandbox, without the key sandboxes", ("sandboxes",)
            )
        if document.tables:
            raise InvalidDocumentError(
                "a seed has no rows: PUT a document with tables", ("tables",)
            )
        name = TEMPLATE if sandbox is None else sandbox.name
        while not await after_imports(lambda: self._add(name, document, rebases=rebases)):
            pass

    async def _add(self, name: str, document: Document, *, rebases: bool) -> bool:
        """Add a document to a sandbox. Return False if the sandbox is reset at the same time."""
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
        """Apply a document; a violated constraint is an error of the document."""
        row = await generations.find(connection, name)
        assert row is not None
        try:
            await table_dumps.load(connection, row.id, document.tables)
        except ConstraintViolationError:
            raise InvalidDocumentError(
                "some rows violate a constraint", table_dumps.TABLES
            ) from None
        if document.tables:
            await invariants.check(connection, row.id, self._invariants())
        await _register(connection, name, document)
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
        """Apply the vendors' sections under default settings, without delays and rate limits."""
        for vendor in self._vendors.values():
            seed = getattr(document, vendor.name)
            if seed is not None:
                with within((vendor.name,)):
                    await seed.apply(Seeder(self._runtime, vendor, connection, sandbox))


def _is_version(value: object) -> bool:
    # Python's True and 1.0 equal 1, but they are no valid version.
    return value == VERSION and type(value) is int


def _rows(document: Document, table: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the path and the values by column of each row of a table in a valid document."""
    given = document.tables.get(table) or Rows(columns=[], rows=[])
    for number, row in enumerate(given.rows):
        yield (
            (*table_dumps.TABLES, table, "rows", number),
            dict(zip(given.columns, row, strict=True)),
        )


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


async def _register(connection: Connection, name: str, document: Document) -> None:
    """Register a document's credentials.

    Raises `InvalidDocumentError` for one that opens another sandbox.
    """
    rows = [credential.row(name) for credential in document.credentials]
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
    """Return the first error of Pydantic as one of the document.

    An error of an unknown key names the key in its context, under `at`.
    """
    first = error.errors()[0]
    path = (*at, *first["loc"])
    if key := first.get("ctx", {}).get("at"):
        path = (*path, key)
    return InvalidDocumentError(first["msg"].removeprefix("Value error, "), path)
