"""Holds every answer of the suite against the OpenAPI document of its operation.

An answer that the document does not know, or whose body breaks its schema, fails the test that got
it. At the end of a whole run, an operation, a status or an error id that no answer showed fails it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson
import pytest
from jsonschema_rs import Draft202012, Draft202012Validator, Registry

from mockalog.control.app import ControlApp
from mockalog.control.calls.vendor_routes import vendor_router_of as vendor_routes_of
from mockalog.control.documents.documents import Documents
from mockalog.control.documents.error_catalogue import documentation as control_documentation
from mockalog.control.pages.page import CONTROL
from mockalog.control.routes import router as control_router
from mockalog.kernel.errors import UnknownOperationError
from mockalog.kernel.formats.json import loads
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.kernel.journal.journal import CONTROL_PREFIX
from mockalog.kernel.sandboxes.settings import SettingRegistry
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.responder import Responder
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.router import Router
from mockalog.kernel.vendor.vendor import Documentation, Vendor
from mockalog.openapi.document import document_of
from mockalog.openapi.errors import IDS
from mockalog.vendors import VENDORS

# The key of a worker's input and output: whether the run is whole, and the parts it did not show.
OUTPUT = "conformance"

# Bytes of a state, or of a journal, that is no other than a small one.
LARGE = 1_000_000


# In place of an operation: the error was shown by any answer, a fault's or one of no operation too.
CATALOGUE = "*"


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


class Schemas:
    """Compiles the schemas of one document.

    jsonschema_rs checks a body about 50 times as fast as jsonschema does.
    """

    URI = "urn:mockalog:document"

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._registry = Registry([(self.URI, dict(document))], draft=Draft202012)

    def compile(self, *parts: str) -> Draft202012Validator:
        """Return a validator of the schema at a path of keys."""
        pointer = "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in parts)
        reference = f"{self.URI}#{quote(pointer, safe='/~')}"
        return Draft202012Validator({"$ref": reference}, registry=self._registry)

    def compile_content(
        self, described: Mapping[str, Any], *parts: str
    ) -> dict[str, Draft202012Validator]:
        """Return a validator for each media type of a body that is described at a path of keys."""
        return {
            media_type: self.compile(*parts, "content", media_type, "schema")
            for media_type in described.get("content", {})
        }


class DocumentedResponse:
    """A documented answer of one status."""

    def __init__(
        self, documented: Mapping[str, Any], validators: Mapping[str, Draft202012Validator]
    ) -> None:
        self.error_ids = frozenset(documented.get(IDS, ()))
        self.headers = {name.lower() for name in documented.get("headers", {})}
        self._validators = validators

    def problems(self, answer: Response) -> Iterator[str]:
        """Yield the ways in which a body differs from its schema."""
        body = answer.body
        content_type = (answer.content_type or b"").decode().partition(";")[0]
        if not body:
            # Rails answers some errors without a body where the client takes no JSON.
            if self._validators and "text/html" not in self._validators:
                yield "an empty body is not documented"
        elif content_type not in self._validators:
            if "*/*" not in self._validators:
                yield f"{content_type} is not documented"
        elif content_type.endswith(("/json", "+json")):
            yield from _schema_problems(self._validators[content_type], orjson.loads(body))

    def header_problems(self, answer: Response) -> Iterator[str]:
        """Yield the headers of an answer itself that are not documented."""
        for name, _ in answer.headers:
            if name.decode().lower() not in self.headers:
                yield f"the header {name.decode()} is not documented"


class Spec:
    """A document, ready to check answers: responses by operation id and status."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas = Schemas(document)
        self._catalogue = {
            error_id: (
                response.get("x-status", 0),
                self._response(response, "components", "responses", error_id),
            )
            for error_id, response in document["components"]["responses"].items()
        }
        self._bodies: dict[str, Draft202012Validator] = {}
        self._operations: dict[str, dict[int, DocumentedResponse]] = {}
        for path, operations in document["paths"].items():
            for verb, operation in operations.items():
                self._add_operation(operation, "paths", path, verb)

    def _add_operation(self, operation: Mapping[str, Any], *parts: str) -> None:
        name = operation["operationId"]
        body = operation.get("requestBody", {})
        validators = self._schemas.compile_content(body, *parts, "requestBody")
        if "application/json" in validators:
            self._bodies[name] = validators["application/json"]
        self._operations[name] = {
            int(status): self._response(response, *parts, "responses", status)
            for status, response in operation["responses"].items()
        }

    def _response(self, documented: Mapping[str, Any], *parts: str) -> DocumentedResponse:
        if reference := documented.get("$ref"):
            return self._catalogue[reference.rpartition("/")[2]][1]
        return DocumentedResponse(documented, self._schemas.compile_content(documented, *parts))

    def documented(self) -> Iterator[tuple[str, int, frozenset[str]]]:
        """Yield each operation's id with each of its statuses and the error ids of that."""
        for operation, responses in self._operations.items():
            for status, response in responses.items():
                yield operation, status, response.error_ids

    def catalogue(self) -> Iterator[tuple[str, int]]:
        """Yield each error id of the catalogue with its status."""
        for error_id, (status, _) in self._catalogue.items():
            yield error_id, status

    def problems(self, seen: "Seen") -> Iterator[str]:
        """Yield the ways in which an answer, or a request that succeeded, is not as documented."""
        status = seen.answer.status
        responses = [self._operations.get(seen.operation, {}).get(status)]
        if status >= 400 and not seen.error_ids:
            yield "an error without an id"
        if seen.error_ids and (seen.armed or not seen.operation):
            responses = [*self._by_id(seen.error_ids, status)]
        for response in responses:
            if response is None:
                yield f"status {status} is not documented"
            else:
                yield from _error_problems(response, seen.error_ids)
                yield from response.problems(seen.answer)
                yield from response.header_problems(seen.answer)
        if seen.body and (validator := self._bodies.get(seen.operation)):
            # The control plane takes other encodings than UTF-8, too.
            body = seen.body.decode(json.detect_encoding(seen.body))
            for problem in _schema_problems(validator, loads(body)):
                yield f"it was accepted, though {problem}"

    def _by_id(
        self, error_ids: tuple[str, ...], status: int
    ) -> Iterator[DocumentedResponse | None]:
        """Yield the entries of the catalogue; a fault may give any error to any operation."""
        for error_id in error_ids:
            known, response = self._catalogue.get(error_id, (0, None))
            yield response if known == status else None


def _error_problems(response: DocumentedResponse, error_ids: tuple[str, ...]) -> Iterator[str]:
    for error_id in error_ids:
        if error_id not in response.error_ids:
            yield f"error id {error_id} is not documented"


def _schema_problems(validator: Draft202012Validator, body: Any) -> Iterator[str]:
    for error in validator.iter_errors(body):
        path = "/".join(map(str, error.instance_path))
        yield f"/{path}: {error.message[:300]}"


@lru_cache
def spec_of(api: str, dialect: str = "") -> Spec:
    """Return a vendor's document in a dialect, or the control plane's, ready to check answers."""
    if api == CONTROL:
        options = SettingRegistry({vendor.name: vendor.settings for vendor in VENDORS})
        documents = Documents({vendor.name: vendor for vendor in VENDORS}, options)
        return Spec(documents.write(CONTROL, "", ("/",)))
    vendor = next(vendor for vendor in VENDORS if vendor.name == api)
    return Spec(document_of(vendor.api, vendor.title, dialect=dialect))


class Seen(NamedTuple):
    """An answer that waits for the check against its document.

    `body` is the request's, if it was JSON and accepted.
    """

    api: str
    dialect: str
    operation: str
    answer: Response
    error_ids: tuple[str, ...]
    armed: bool
    body: bytes
    path: str


class Conformance:
    """Sees every answer of this process."""

    def __init__(self) -> None:
        self.shown: set[Shown] = set()
        self._calls: dict[int, Call] = {}
        self._known: set[int] = set()
        self._waiting: list[Seen] = []

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        """Look at each answer of a vendor and of the control plane before it leaves."""
        begin, send, send_control = Call.__init__, Responder.send, ControlApp.send

        def begun(call: Call, runtime: Any, exchange: Exchange, *rest: Any) -> None:
            begin(call, runtime, exchange, *rest)
            self._calls[id(exchange)] = call

        async def sent(by: Responder, answer: Response, exchange: Exchange, sender: Any) -> None:
            call = self._calls.pop(id(exchange), None)
            if by.vendor in VENDORS and (call is not None or exchange.error_ids):
                self._see(by.vendor, call, exchange, answer)
            await send(by, answer, exchange, sender)

        async def controlled(
            app: ControlApp, answer: Response, exchange: Exchange, sender: Any
        ) -> None:
            self._calls.pop(id(exchange), None)
            if len(answer.body) < LARGE:
                self._note(CONTROL, "", _control_operation(exchange), answer, exchange)
            await send_control(app, answer, exchange, sender)

        patch.setattr(Call, "__init__", begun)
        patch.setattr(Responder, "send", sent)
        patch.setattr(ControlApp, "send", controlled)

    def _see(self, vendor: Vendor, call: Call | None, exchange: Exchange, answer: Response) -> None:
        api, dialect = vendor.name, _dialect(vendor, call)
        route = None if call is None else call.operation
        operation = route.id_of(_verb(exchange)) if isinstance(route, Route) else ""
        self._note(api, dialect, operation, answer, exchange)

    def _note(
        self, api: str, dialect: str, operation: str, answer: Response, exchange: Exchange
    ) -> None:
        error_ids = exchange.error_ids if answer.status >= 400 else ()
        armed, body = bool(exchange.faults), _accepted(exchange, answer)
        seen = Seen(api, dialect, operation, answer, error_ids, armed, body, exchange.path)
        if (known := hash(seen[:-1])) not in self._known:
            self._known.add(known)
            self._waiting.append(seen)

    def judge(self) -> list[str]:
        """Return the violations of the answers since the last time.

        Not on an answer's way: a test may count the function calls of that.
        """
        waiting, self._waiting = self._waiting, []
        return [violation for seen in waiting for violation in self._violations(seen)]

    def _violations(self, seen: Seen) -> Iterator[str]:
        status = seen.answer.status
        for problem in spec_of(seen.api, seen.dialect).problems(seen):
            said = f"{seen.api or 'control'} {seen.operation or seen.path} {status}: {problem}"
            yield f"{said}\n    {seen.body[:500]!r} {seen.answer.body[:500]!r}"
        self.shown |= {Shown(seen.api, CATALOGUE, status, one) for one in seen.error_ids}
        if seen.operation and not seen.armed:
            ids = seen.error_ids or ("",)
            self.shown |= {Shown(seen.api, seen.operation, status, one) for one in ids}


def _accepted(exchange: Exchange, answer: Response) -> bytes:
    """Return the JSON of a request that succeeded, nothing for any other."""
    content_type = dict(exchange.headers).get(b"content-type", b"")
    is_json = b"json" in content_type and answer.status < 300
    return exchange.request_body if is_json else b""


def _control_operation(exchange: Exchange) -> str:
    """Return the control call that was meant, also where the gate refused it; "" for none."""
    if exchange.operation is not None:
        return exchange.operation
    path = exchange.path.removeprefix(CONTROL_PREFIX)
    if path.startswith("//"):  # only behind the vendor's name are two slashes one
        return ""
    for router in _control_routers():
        with suppress(UnknownOperationError):
            return router.find(exchange.method, path)[0].name
    return ""


@lru_cache
def _control_routers() -> tuple[Router, ...]:
    return (control_router, *map(vendor_routes_of, VENDORS))


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
    for vendor in VENDORS:
        documentation = vendor.api.documentation()
        for dialect in documentation.dialects or ("",):
            lost |= _documented_parts(vendor.name, dialect, documentation)
    return sorted(lost - shown)


def _documented_parts(api: str, dialect: str, documentation: Documentation) -> set[Shown]:
    spec = spec_of(api, dialect)
    armed = {name for name, error in documentation.errors.items() if error.is_armed}
    catalogue = {Shown(api, CATALOGUE, status, one) for one, status in spec.catalogue()}
    return catalogue | {
        Shown(api, operation, status, one)
        for operation, status, error_ids in spec.documented()
        for one in (error_ids or {""}) - armed
    }
