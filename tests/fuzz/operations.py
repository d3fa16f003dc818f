"""Every operation of every document, as data that requests are made from."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from mockalog.control.documents.documents import Documents
from mockalog.control.pages.page import CONTROL
from mockalog.kernel.journal.journal import CONTROL_PREFIX
from mockalog.kernel.sandboxes.settings import SettingRegistry
from mockalog.openapi.document import document_of
from mockalog.vendors import VENDORS

# A JSON Schema, or another part of a document.
# Any: JSON.
Schema = Mapping[str, Any]


class Parameter(NamedTuple):
    """A parameter of an operation: in its path, its query or its headers."""

    name: str
    place: str
    schema: Schema
    required: bool


class Operation(NamedTuple):
    """An operation: its API (`control` or a vendor), and the parts of a valid request."""

    api: str
    name: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    # By content type.
    bodies: Mapping[str, Schema]
    # The document, where the references of the schemas lead.
    document: Schema


@cache
def operations() -> tuple[Operation, ...]:
    """Return the operations of the control plane, and of each vendor in each of its dialects."""
    options = SettingRegistry({vendor.name: vendor.settings for vendor in VENDORS})
    by_name = {vendor.name: vendor for vendor in VENDORS}
    control = Documents(by_name, options).write(CONTROL, "", ("/",))
    found = [*_operations("control", CONTROL_PREFIX, control)]
    for vendor in VENDORS:
        for dialect in vendor.api.documentation().dialects or ("",):
            document = document_of(vendor.api, vendor.title, dialect=dialect)
            found += _operations(vendor.name, f"/{vendor.name}", document)
    return tuple(found)


def _operations(api: str, prefix: str, document: Schema) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            yield Operation(
                api,
                described["operationId"],
                method.upper(),
                prefix + path,
                tuple(_parameters(described)),
                _bodies(described),
                document,
            )


def _parameters(described: Schema) -> Iterator[Parameter]:
    for one in described.get("parameters", ()):
        schema = {**one["schema"], **{k: one[k] for k in ("example", "examples") if k in one}}
        yield Parameter(one["name"], one["in"], schema, one.get("required", False))


def _bodies(described: Schema) -> Mapping[str, Schema]:
    content = described.get("requestBody", {}).get("content", {})
    return {kind: shown.get("schema", {}) for kind, shown in content.items()}
