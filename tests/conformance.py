"""Holds every answer of the suite against the OpenAPI document of its operation.

An answer that the document does not know, or whose body breaks its schema, fails the test that got
it. At the end of a whole run, an operation, a status or an error id that no answer showed fails it.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import pytest
from jsonschema import Draft202012Validator

from mockalog.kernel.call import Call
from mockalog.kernel.journal import Exchange
from mockalog.kernel.vendor import Vendor
from mockalog.kernel.vendor_app import VendorApp
from mockalog.kernel.wire import Answer
from mockalog.openapi.document import document_of
from mockalog.openapi.errors import IDS
from mockalog.vendors import VENDORS

# Where a worker process leaves what it saw for the run's own.
OUTPUT = "conformance"


class Shown(NamedTuple):
    """A part of a document: an operation's status, or one of its error ids."""

    api: str
    operation: str
    status: int
    error_id: str = ""

    def __str__(self) -> str:
        """Return it as a line of the report."""
        return f"{self.api} {self.operation} {self.status} {self.error_id}".rstrip()


class Response:
    """A documented answer of one status."""

    def __init__(self, documented: Mapping[str, Any], components: Mapping[str, Any]) -> None:
        self.error_ids = frozenset(documented.get(IDS, ()))
        self.headers = {name.lower() for name in documented.get("headers", {})}
        self._validators = {
            media_type: Draft202012Validator({**content["schema"], "components": components})
            for media_type, content in documented.get("content", {}).items()
        }

    def problems(self, body: bytes, content_type: str) -> Iterator[str]:
        """Yield the ways in which a body differs from its schema."""
        if not body:
            # Rails answers some errors without a body where the client takes no JSON.
            if self._validators and not self.error_ids:
                yield "an empty body is not documented"
        elif content_type not in self._validators:
            yield f"{content_type} is not documented"
        elif "json" in content_type:
            for error in self._validators[content_type].iter_errors(orjson.loads(body)):
                yield f"{error.json_path}: {error.message[:300]}"


class Spec:
    """A document, ready to check answers: responses by operation id and status."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        components = document["components"]
        self._catalogue = {
            error_id: (response.pop("x-status", 0), Response(response, components))
            for error_id, response in components["responses"].items()
        }
        self._operations = {
            operation["operationId"]: {
                int(status): Response(_followed(response, components), components)
                for status, response in operation["responses"].items()
            }
            for methods in document["paths"].values()
            for operation in methods.values()
        }

    def documented(self) -> Iterator[tuple[str, int, frozenset[str]]]:
        """Yield each operation's id with each of its statuses and the error ids of that."""
        for operation, responses in self._operations.items():
            for status, response in responses.items():
                yield operation, status, response.error_ids

    def problems(
        self, operation: str, answer: Answer, error_ids: tuple[str, ...], *, armed: bool
    ) -> Iterator[str]:
        """Yield the ways in which an answer differs from its documentation."""
        content_type = (answer.content_type or b"").decode().partition(";")[0]
        if armed or not operation:
            responses = [*self._by_id(error_ids, answer.status)]
        else:
            responses = [self._operations[operation].get(answer.status)]
        for response in responses:
            if response is None:
                yield f"status {answer.status} is not documented"
            else:
                yield from (
                    f"error id {error_id} is not documented"
                    for error_id in error_ids
                    if error_id not in response.error_ids
                )
                yield from response.problems(answer.body, content_type)

    def _by_id(self, error_ids: tuple[str, ...], status: int) -> Iterator[Response | None]:
        """Yield the entries of the catalogue; a fault may give any error to any operation."""
        for error_id in error_ids:
            known, response = self._catalogue.get(error_id, (0, None))
            yield response if known == status else None


def _followed(response: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = response.get("$ref")
    if reference is None:
        return response
    found: Mapping[str, Any] = components["responses"][reference.rpartition("/")[2]]
    return found


@lru_cache
def spec_of(api: str, dialect: str = "") -> Spec:
    """Return a vendor's document in a dialect, ready to check answers."""
    vendor = next(vendor for vendor in VENDORS if vendor.name == api)
    return Spec(document_of(vendor.api, vendor.title, dialect=dialect))


@lru_cache
def documented() -> tuple[Vendor, ...]:
    """Return the vendors whose documents are written."""
    return tuple(vendor for vendor in VENDORS if vendor.api.documentation().errors)


class Conformance:
    """Sees every answer of this process."""

    def __init__(self) -> None:
        self.shown: set[Shown] = set()
        self._calls: dict[int, Call] = {}
        self._known: set[int] = set()
        # Answers that wait for the check against their documents.
        self._waiting: list[tuple[Any, ...]] = []

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """Look at each answer of a vendor before it leaves."""
        begin, send = Call.__init__, VendorApp.send

        def begun(call: Call, runtime: Any, exchange: Exchange, *rest: Any) -> None:
            begin(call, runtime, exchange, *rest)
            self._calls[id(exchange)] = call

        async def sent(app: VendorApp, answer: Answer, exchange: Exchange, sender: Any) -> None:
            call = self._calls.pop(id(exchange), None)
            if app.vendor in documented() and (call is not None or exchange.error_ids):
                self._see(app.vendor, call, exchange, answer)
            await send(app, answer, exchange, sender)

        patch.setattr(Call, "__init__", begun)
        patch.setattr(VendorApp, "send", sent)

    def _see(self, vendor: Vendor, call: Call | None, exchange: Exchange, answer: Answer) -> None:
        api, dialect = vendor.name, _dialect(vendor, call)
        operation = "" if call is None else call.operation.id_of(_verb(exchange))
        key = api, dialect, operation, answer, exchange.error_ids, bool(exchange.faults)
        if (known := hash(key)) not in self._known:
            self._known.add(known)
            self._waiting.append((*key, exchange.path))

    def judge(self) -> list[str]:
        """Return the violations of the answers since the last time.

        Not on an answer's way: a test may count the function calls of that.
        """
        waiting, self._waiting = self._waiting, []
        return [violation for seen in waiting for violation in self._violations(*seen)]

    def _violations(
        self,
        api: str,
        dialect: str,
        operation: str,
        answer: Answer,
        error_ids: tuple[str, ...],
        armed: bool,
        path: str,
    ) -> Iterator[str]:
        error_ids = error_ids if answer.status >= 400 else ()
        for problem in spec_of(api, dialect).problems(operation, answer, error_ids, armed=armed):
            said = f"{api} {operation or path} {answer.status}: {problem}"
            yield f"{said}\n    {answer.body[:500]!r}"
        if operation and not armed:
            self.shown |= {Shown(api, operation, answer.status, one) for one in error_ids or ("",)}


def _verb(exchange: Exchange) -> str:
    return exchange.method.replace("HEAD", "GET")


def _dialect(vendor: Vendor, call: Call | None) -> str:
    """Return the dialect of the sandbox that a call acts on; "" is the default."""
    if call is None or not hasattr(call, "principal") or not vendor.api.documentation().dialects:
        return ""
    return str(call.setting(f"{vendor.name}.dialect"))


def missing(shown: set[Shown]) -> list[Shown]:
    """Return all that the documents hold and that no answer showed, faults aside."""
    lost: set[Shown] = set()
    for vendor in documented():
        documentation = vendor.api.documentation()
        armed = {name for name, error in documentation.errors.items() if error.is_armed}
        for dialect in documentation.dialects or ("",):
            for operation, status, error_ids in spec_of(vendor.name, dialect).documented():
                ids = (error_ids or {""}) - armed
                lost |= {Shown(vendor.name, operation, status, one) for one in ids}
    return sorted(lost - shown)
