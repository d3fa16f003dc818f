"""State documents: one sandbox or all, as one versioned document.

The format has three uses: the export and import of a whole state, seed files, and the initial state
of a single test.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.documents import table_dumps
from mockalog.kernel.documents.errors import VERSION, InvalidDocumentError, Path, within
from mockalog.kernel.documents.sources import DocumentSource
from mockalog.kernel.documents.table_dumps import Rows
from mockalog.kernel.formats.json import loads_stored
from mockalog.kernel.formats.json_columns import validation_error
from mockalog.kernel.formats.large_json import dismantle
from mockalog.kernel.formats.strings import NonEmptyText
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.sandboxes.settings import InvalidSettingError
from mockalog.kernel.state.imports import Importer
from mockalog.kernel.state.schema import CredentialState, Document, document_of
from mockalog.kernel.turns import Turns
from mockalog.kernel.vendor.fault_rules import InvalidFaultError, check_stored
from mockalog.kernel.vendor.permissions import UnknownPermissionError, check_permissions
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor

_NAME: TypeAdapter[str] = TypeAdapter(NonEmptyText)


class State:
    """Checks documents, and imports them into a running server."""

    def __init__(self, runtime: Runtime, vendors: Mapping[str, Vendor]) -> None:
        self._runtime = runtime
        self._vendors = vendors
        sections = tuple((vendor.name, vendor.api.seed()) for vendor in vendors.values())
        self._document = document_of(sections)
        self._warnings: dict[str, None] = {}

    @property
    def warnings(self) -> list[str]:
        """Return the warnings of the checked documents' credentials, each once."""
        return [*self._warnings]

    def read(self, text: DocumentSource) -> dict[str, Document]:
        """Return the documents of a text, as `check` does. Call it in a thread."""
        value = None
        try:
            value = text.value()
            return self.check(value)
        except InvalidDocumentError:
            dismantle(value)
            raise

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
        """Refuse a credential that a caller could not register either, or note its warnings."""
        vendors = self._vendors
        if credential.vendor not in vendors:
            raise InvalidDocumentError(f"expected one of: {', '.join(vendors)}", ("vendor",))
        try:
            found = check_permissions(credential.permissions, vendors[credential.vendor])
        except UnknownPermissionError as error:
            raise InvalidDocumentError(str(error), ("permissions",)) from None
        self._warnings |= dict.fromkeys(found)

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

    async def replace(
        self, sandbox: Sandbox | None, found: Mapping[str, Document], turns: Turns | None = None
    ) -> None:
        """Replace a sandbox, or the whole server for None, by the state of its documents.

        Raises `ClientLeftError` before anything is replaced.
        """
        if sandbox is None:
            await self._importer(turns).begin(found, TEMPLATE, retires_others=True)
        elif "" in found:
            await self._importer(turns).begin(found, sandbox.name)
        else:
            raise InvalidDocumentError(
                "the state of a whole server cannot replace one sandbox", ("sandboxes",)
            )

    async def start_with(self, found: Mapping[str, Document]) -> set[str]:
        """Replace the template and all sandboxes that the documents name; return their names."""
        return await self._importer(None).begin(found, TEMPLATE)

    async def add(
        self,
        sandbox: Sandbox | None,
        found: Mapping[str, Document],
        turns: Turns | None = None,
        *,
        rebases: bool = False,
        is_large: bool = False,
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
        importer = self._importer(turns)
        if sandbox is None:
            await importer.add_to_template(document, rebases=rebases)
        else:
            await importer.add(sandbox.name, document, is_large=is_large)

    def _importer(self, turns: Turns | None) -> Importer:
        return Importer(self._runtime, self._vendors, turns or Turns())


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
