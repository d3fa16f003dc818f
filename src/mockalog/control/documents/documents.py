"""The OpenAPI documents of one app, each written once, in a thread."""

import asyncio
from collections.abc import Mapping
from threading import Lock
from typing import Any

from pydantic_core import to_json

from mockalog.control.calls.problems import ProblemError
from mockalog.control.pages.assets import with_etag
from mockalog.control.pages.page import CONTROL, TITLE
from mockalog.kernel.gc_tuning import gc_paused
from mockalog.kernel.http.responses import Response
from mockalog.kernel.sandboxes.settings import SettingRegistry
from mockalog.kernel.vendor.vendor import Vendor

Document = dict[str, Any]

# Answers to keep. A document has one for each set of servers.
MAX_ANSWERS = 100

# The operations whose body may be YAML.
_YAML = ("replace_state", "seed")


class Documents:
    """Writes and keeps the documents: of each vendor in each dialect, and of the control plane."""

    def __init__(self, vendors: Mapping[str, Vendor], options: SettingRegistry) -> None:
        self._vendors = vendors
        self._options = options
        self._written: dict[tuple[str, str], Document] = {}
        self._responses: dict[tuple[str, str, tuple[str, ...]], Response] = {}
        self._lock = Lock()

    async def response(self, name: str, dialect: str, servers: tuple[str, ...]) -> Response:
        """Return a document as a response."""
        key = name, dialect, servers
        if len(self._responses) > MAX_ANSWERS:  # a client with invented prefixes
            self._responses.clear()
        if key not in self._responses:
            self._responses[key] = await asyncio.to_thread(self._response, name, dialect, servers)
        return self._responses[key]

    async def dialects(self, name: str, dialect: str) -> tuple[str, ...]:
        """Return the dialects of a vendor, the default first; empty if it has only one.

        Raises `ProblemError` for a dialect that the vendor does not have.
        """
        return await asyncio.to_thread(self._dialects, name, dialect)

    def write(self, name: str, dialect: str, servers: tuple[str, ...]) -> Document:
        """Return a document with the addresses of its API.

        The name "" is the control plane, the dialect "" is the default. The first call for a
        document takes some tenths of a second. Raises `ProblemError` for an unknown dialect.
        """
        with self._lock:
            if (name, dialect) not in self._written:
                with gc_paused():
                    self._written[name, dialect] = self._write(name, dialect)
        return {**self._written[name, dialect], "servers": [{"url": url} for url in servers]}

    def _response(self, name: str, dialect: str, servers: tuple[str, ...]) -> Response:
        return with_etag(Response(200, to_json(self.write(name, dialect, servers))))

    def _write(self, name: str, dialect: str) -> Document:
        if name == CONTROL:
            return self._write_control()
        from mockalog.openapi.document import document_of

        vendor = self._vendors[name]
        self._dialects(name, dialect)
        return document_of(vendor.api, vendor.title, dialect=dialect)

    def _dialects(self, name: str, dialect: str) -> tuple[str, ...]:
        vendor = self._vendors[name]
        dialects = vendor.api.documentation().dialects
        if dialect and dialect not in dialects:
            known = f"use one of: {', '.join(dialects)}" if dialects else "it has only one"
            raise ProblemError(
                400, f"{vendor.title} does not have the dialect {dialect!r}: {known}"
            )
        return dialects

    def _write_control(self) -> Document:
        from mockalog.control.documents.api import control_api
        from mockalog.openapi.document import document_of

        document = document_of(control_api(self._vendors.values(), self._options), TITLE)
        for methods in document["paths"].values():
            for operation in methods.values():
                _complete(operation)
        return document


def _complete(operation: Document) -> None:
    """Add what FastAPI cannot express: keys are optional, and some bodies may be YAML."""
    if "security" in operation:
        operation["security"].append({})
    if operation["operationId"] in _YAML:
        content = operation["requestBody"]["content"]
        content["application/yaml"] = content["application/json"]
