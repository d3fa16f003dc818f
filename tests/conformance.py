"""Holds every answer of the suite against the OpenAPI document of its operation.

An answer that the document does not know, or whose body breaks its schema, fails the test that got
it. At the end of a whole run, an operation, a status or an error id that no answer showed fails it.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import pytest
from jsonschema import Draft202012Validator

from mockalog.control.app import ControlApp
from mockalog.control.documentation import documentation as control_documentation
from mockalog.control.documents import CONTROL, Documents
from mockalog.control.inspections import router_of as inspections_of
from mockalog.control.routers import router as control_router
from mockalog.kernel.call import Call
from mockalog.kernel.errors import UnknownOperation
from mockalog.kernel.journal import RESERVED, Exchange
from mockalog.kernel.options import OptionRegistry
from mockalog.kernel.routing import Router
from mockalog.kernel.vendor import Documentation, Vendor
from mockalog.kernel.vendor_app import VendorApp
from mockalog.kernel.wire import Answer
from mockalog.openapi.document import document_of
from mockalog.openapi.errors import IDS
from mockalog.vendors import VENDORS

# Where a worker process leaves what it saw for the run's own.
OUTPUT = "conformance"

# Bytes of a state, or of a journal, that is no other than a small one.
LARGE = 1_000_000


class Shown(NamedTuple):
    """A part of a document: an operation's status, or one of its error ids."""

    api: str
    operation: str
    status: int
    error_id: str = ""

    def __str__(self) -> str:
        """Return it as a line of the report."""
        api = self.api or "control"
        return f"{api} {self.operation} {self.status} {self.error_id}".rstrip()


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
            if "*/*" not in self._validators:
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
    """Return a vendor's document in a dialect, or the control plane's, ready to check answers."""
    if api == CONTROL:
        options = OptionRegistry({vendor.name: vendor.options for vendor in VENDORS})
        documents = Documents({vendor.name: vendor for vendor in VENDORS}, options)
        return Spec(documents.write(CONTROL, "", ("/",)))
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
        """Look at each answer of a vendor and of the control plane before it leaves."""
        begin, send, send_control = Call.__init__, VendorApp.send, ControlApp.send

        def begun(call: Call, runtime: Any, exchange: Exchange, *rest: Any) -> None:
            begin(call, runtime, exchange, *rest)
            self._calls[id(exchange)] = call

        async def sent(app: VendorApp, answer: Answer, exchange: Exchange, sender: Any) -> None:
            call = self._calls.pop(id(exchange), None)
            if app.vendor in documented() and (call is not None or exchange.error_ids):
                self._see(app.vendor, call, exchange, answer)
            await send(app, answer, exchange, sender)

        async def controlled(
            app: ControlApp, answer: Answer, exchange: Exchange, sender: Any
        ) -> None:
            self._calls.pop(id(exchange), None)
            operation = _control_operation(exchange)
            if not operation.startswith(_undocumented()) and len(answer.body) < LARGE:
                self._note(CONTROL, "", operation, answer, exchange)
            await send_control(app, answer, exchange, sender)

        patch.setattr(Call, "__init__", begun)
        patch.setattr(VendorApp, "send", sent)
        patch.setattr(ControlApp, "send", controlled)

    def _see(self, vendor: Vendor, call: Call | None, exchange: Exchange, answer: Answer) -> None:
        api, dialect = vendor.name, _dialect(vendor, call)
        operation = "" if call is None else call.operation.id_of(_verb(exchange))
        self._note(api, dialect, operation, answer, exchange)

    def _note(
        self, api: str, dialect: str, operation: str, answer: Answer, exchange: Exchange
    ) -> None:
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
            said = f"{api or 'control'} {operation or path} {answer.status}: {problem}"
            yield f"{said}\n    {answer.body[:500]!r}"
        if operation and not armed:
            self.shown |= {Shown(api, operation, answer.status, one) for one in error_ids or ("",)}


def _control_operation(exchange: Exchange) -> str:
    """Return the control call that was meant, also where the gate refused it; "" for none."""
    if exchange.operation is not None:
        return exchange.operation
    for router in _control_routers():
        with suppress(UnknownOperation):
            return router.find(exchange.method, exchange.path.removeprefix(RESERVED))[0].name
    return ""


@lru_cache
def _control_routers() -> tuple[Router, ...]:
    return (control_router, *map(inspections_of, VENDORS))


@lru_cache
def _undocumented() -> tuple[str, ...]:
    """Return how the calls begin that vendors add whose documents are to be written."""
    return tuple(f"{vendor.name}_" for vendor in VENDORS if vendor not in documented())


def _verb(exchange: Exchange) -> str:
    return exchange.method.replace("HEAD", "GET")


def _dialect(vendor: Vendor, call: Call | None) -> str:
    """Return the dialect of the sandbox that a call acts on; "" is the default."""
    if call is None or not hasattr(call, "principal") or not vendor.api.documentation().dialects:
        return ""
    return str(call.setting(f"{vendor.name}.dialect"))


def missing(shown: set[Shown]) -> list[Shown]:
    """Return all that the documents hold and that no answer showed, faults aside."""
    lost = _documented_parts(CONTROL, "", control_documentation({}))
    for vendor in documented():
        documentation = vendor.api.documentation()
        for dialect in documentation.dialects or ("",):
            lost |= _documented_parts(vendor.name, dialect, documentation)
    return sorted(lost - shown)


def _documented_parts(api: str, dialect: str, documentation: Documentation) -> set[Shown]:
    armed = {name for name, error in documentation.errors.items() if error.is_armed}
    return {
        Shown(api, operation, status, one)
        for operation, status, error_ids in spec_of(api, dialect).documented()
        if not (api == CONTROL and operation.startswith(_undocumented()))
        for one in (error_ids or {""}) - armed
    }
