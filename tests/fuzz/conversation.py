"""A conversation: requests that build on earlier responses, in sandboxes that tests steer."""

import json
import re
from collections import defaultdict, deque
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from tests.fuzz.known import VALID, WORLD
from tests.fuzz.mutations import MUTATIONS, Headers, Request
from tests.fuzz.operations import Operation, Schema, operations
from tests.fuzz.samples import Sampler
from tests.fuzz.steering import begin, steer

TOKENS = tuple(f"fuzz-{number}" for number in range(6))

# The part of the calls that each API gets. A vendor with two dialects has each operation twice.
SHARES = {"squared": 6, "braze": 5, "attraqt": 5, "control": 3}

# Parts of the calls, in hundredths: steering by hand, no mutation, and one mutation.
STEERED, PLAIN, ONCE = 6, 45, 80

# How many identifiers of a kind are remembered, and how many parts of a response are read.
REMEMBERED, READ = 60, 400

TENANCY = {"tenant": "acme", "environment": "live1"}

# The ends of control paths whose calls may leave a sandbox without the world.
_EMPTYING = (b"/_mockalog/reset", b"/_mockalog/state", b"/restore")

# Identifiers by the names of their parameters and keys; the first that matches counts.
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("version", "version"),
        ("id", "(^|_)id$|Id$|^id"),
        ("name", "name$"),
        ("cursor", "cursor|page_token"),
        ("receipt", "receipt"),
        ("email", "email"),
        ("token", "token"),
    )
)


class Conversation:
    """Makes the next request from everything that was said before."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.sampler = Sampler(self.random, self._known)
        # By API and kind.
        self._identifiers: dict[tuple[str, str], deque[Any]] = defaultdict(
            lambda: deque(maxlen=REMEMBERED)
        )
        # The API of the request that is made.
        self._api = ""
        # State documents of sandboxes.
        # Any: JSON.
        self._states: deque[Any] = deque(maxlen=5)
        self._by_api: dict[str, list[Operation]] = defaultdict(list)
        for operation in operations():
            self._by_api[operation.api].append(operation)
        self._begun: set[str] = set()

    def next(self) -> Request:
        """Return the next request."""
        token = self.random.choice(TOKENS)
        if token not in self._begun:
            self._begun.add(token)
            return begin(token)
        chance = self.random.randrange(100)
        if chance < STEERED:
            return steer(self.random, token, self._operation(), self._states)
        request = self._request(self._operation(), token)
        for _ in range(0 if chance < PLAIN else 1 if chance < ONCE else 3):
            request = self.random.choice(MUTATIONS)(self.random, self.sampler, request)
        return _tamed(request)

    def learn(self, request: Request, status: int, body: bytes) -> None:
        """Remember the identifiers of a response, and of a request that succeeded."""
        if status >= 400 or len(body) > 1_000_000:
            return
        if request.path.endswith(_EMPTYING) and request.method in ("POST", "PUT"):
            self._begun.clear()
        for text in (body, request.body):
            try:
                self._read(_api_of(request), json.loads(text))
            except (ValueError, RecursionError):
                continue
        if request.path.endswith(b"/_mockalog/state") and request.method == "GET":
            self._states.append(_without_faults(json.loads(body)))

    # Any: JSON.
    def _read(self, api: str, value: Any) -> None:
        waiting = [value]
        for _ in range(READ):
            if not waiting:
                return
            part = waiting.pop()
            if isinstance(part, list):
                waiting += part[:10]
            elif isinstance(part, dict):
                waiting += part.values()
                for name, found in part.items():
                    if (kind := _kind_of(name)) and isinstance(found, str | int):
                        self._identifiers[api, kind].append(found)

    def _known(self, name: str) -> Any:
        """Return an identifier that fits a parameter or a key of that name, if there is any."""
        if name in WORLD and self.random.random() < 0.7:
            return self.random.choice(WORLD[name])
        kind = _kind_of(name)
        found = self._identifiers.get((self._api, kind)) if kind else None
        return self.random.choice(found) if found else None

    def _operation(self) -> Operation:
        [api] = self.random.choices([*SHARES], weights=[*SHARES.values()])
        self._api = api
        return self.random.choice(self._by_api[api])

    def _request(self, operation: Operation, token: str) -> Request:
        path, query, headers = operation.path, {}, self._authorization(operation, token)
        for parameter in operation.parameters:
            chance = 0.9 if parameter.place == "header" else 0.5
            if not parameter.required and self.random.random() > chance:
                continue
            value = self._known(parameter.name) if self.random.random() < 0.85 else None
            if value is None:
                value = self.sampler.value(parameter.schema, operation.document, parameter.name)
            if parameter.name in TENANCY and self.random.random() < 0.95:
                value = TENANCY[parameter.name]
            if parameter.place == "path":
                path = re.sub(rf"{{{parameter.name}(:path)?}}", _escaped(value), path)
            elif parameter.place == "query":
                query[parameter.name] = value
            elif parameter.name.lower() != "x-mockalog-sandbox":
                headers += ((parameter.name.lower().encode(), _header(value)),)
        kind, body = self._body(operation)
        headers += ((b"content-type", kind.encode()),) if kind else ()
        text = urlencode(query, doseq=True, errors="replace").encode()
        return Request(operation.method, path.encode(), text, headers, body)

    def _authorization(self, operation: Operation, token: str) -> Headers:
        """Return the header of the sandbox; few control calls act on the whole server."""
        chance = self.random.random()
        if operation.api == "control" and chance < 0.03:
            return ()
        if chance < 0.03 and (other := self._known("token")):
            token = str(other)
        return ((b"authorization", b"Bearer " + _header(token)),)

    def _body(self, operation: Operation) -> tuple[str, bytes]:
        if not operation.bodies:
            return "", b""
        kind, schema = self.random.choice([*operation.bodies.items()])
        value = self.sampler.value(schema, operation.document)
        fitting = VALID.get(f"{operation.api} {operation.name}")
        if fitting is not None and self.random.random() < 0.5:
            value = fitting
        if operation.name == "replace_state" and self._states and self.random.random() < 0.8:
            value = self.random.choice(self._states)
        if kind == "application/x-www-form-urlencoded" and isinstance(value, dict):
            return kind, urlencode(value, errors="replace").encode()
        return kind, json.dumps(value).encode("utf-8", "surrogatepass")


def _api_of(request: Request) -> str:
    """Return the API of a path; the vendors' control calls speak of their API's identifiers."""
    parts = request.path[1:].split(b"/")
    return next((api for api in SHARES if api.encode() in parts[:2]), "control")


def _kind_of(name: str) -> str | None:
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), None)


def _escaped(value: object) -> str:
    """Return a value as a part of a path, as the replacement of `re.sub`."""
    return quote(str(value), safe="", errors="replace").replace("\\", r"\\")


def _header(value: object) -> bytes:
    text = str(value).encode("utf-8", "replace")
    return re.sub(rb"[\x00-\x1f\x7f]", b"?", text)


def _without_faults(document: Schema) -> Schema:
    """Return a state document without faults: a changed one could delay calls for an hour."""
    tables = {name: rows for name, rows in document.get("tables", {}).items() if name != "faults"}
    return {**document, "tables": tables} if "tables" in document else document


def _tamed(request: Request) -> Request:
    """Return a request without the long waits that it could ask for."""
    if request.path.endswith(b"/requests/wait"):
        query = re.sub(rb"(^|&)timeout=[^&]*", b"", request.query)
        return request._replace(query=query + b"&timeout=0.01")
    if request.path.endswith(b"/clock/advance"):
        # A jump over years runs 20,000 jobs of each sandbox: minutes on PostgreSQL.
        body = re.sub(rb"(\d{6})\d+", rb"\1", request.body)
        return request._replace(body=body)
    if b"delay" in request.body and b"faults" in request.path:
        body = re.sub(rb'("delay"\s*:\s*)[^,}\s]+', rb"\g<1>0.001", request.body)
        return request._replace(body=body)
    return request
