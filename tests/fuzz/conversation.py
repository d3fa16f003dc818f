"""A conversation: requests that build on earlier responses, in sandboxes that tests steer."""

import json
import re
from collections import defaultdict, deque
from collections.abc import Callable
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from tests.fuzz.mutations import MUTATIONS, Headers, Request
from tests.fuzz.operations import Operation, Schema, operations
from tests.fuzz.samples import Sampler
from tests.vendors.world import SEED

TOKENS = tuple(f"fuzz-{number}" for number in range(6))

# The part of the calls that each API gets. A vendor with two dialects has each operation twice.
SHARES = {"squared": 6, "braze": 5, "attraqt": 5, "control": 3}

# Parts of the calls, in hundredths: steering by hand, no mutation, and one mutation.
STEERED, PLAIN, ONCE = 6, 45, 80

# How many identifiers of a kind are remembered, and how many parts of a response are read.
REMEMBERED, READ = 60, 400

TENANCY = {"tenant": "acme", "environment": "live1"}

# Parameters of the world that each sandbox begins with (`SEED`).
NUMBERS = ("1", "2", "3", "4")
WORLD = {
    "catalog_name": ("restaurants", "restaurants", "empty"),
    "item_id": ("r1", "r2", "r119"),
    "selection_name": ("good",),
    "field_name": ("Rating", "City"),
    "Workspace-Id": ("1", "1", "1", "2"),
    "catalogVersion": (1, 2),
    "version": (1, 2),
    "name": ("product", "shop", "restaurants"),
    **dict.fromkeys(("connector_id", "model_id", "sync_id", "id", "workspace_id"), NUMBERS),
    **dict.fromkeys(("catalog_id", "source_id", "destination_id", "sync_run_id"), NUMBERS),
    **dict.fromkeys(("user_id", "role_id"), NUMBERS),
}

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
        self._identifiers: dict[str, deque[Any]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
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
            return _control("POST", "/seed", SEED, token)
        chance = self.random.randrange(100)
        if chance < STEERED:
            return self.random.choice(_STEERING)(self, token)
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
                self._read(json.loads(text))
            except (ValueError, RecursionError):
                continue
        if request.path.endswith(b"/_mockalog/state") and request.method == "GET":
            self._states.append(_without_faults(json.loads(body)))

    # Any: JSON.
    def _read(self, value: Any) -> None:
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
                        self._identifiers[kind].append(found)

    def _known(self, name: str) -> Any:
        """Return an identifier that fits a parameter or a key of that name, if there is any."""
        if name in WORLD and self.random.random() < 0.7:
            return self.random.choice(WORLD[name])
        kind = _kind_of(name)
        found = self._identifiers.get(kind) if kind else None
        return self.random.choice(found) if found else None

    def _operation(self) -> Operation:
        [api] = self.random.choices([*SHARES], weights=[*SHARES.values()])
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
        if operation.name == "replace_state" and self._states and self.random.random() < 0.8:
            value = self.random.choice(self._states)
        if kind == "application/x-www-form-urlencoded" and isinstance(value, dict):
            return kind, urlencode(value, errors="replace").encode()
        return kind, json.dumps(value).encode("utf-8", "surrogatepass")


def _kind_of(name: str) -> str | None:
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), None)


def _escaped(value: object) -> str:
    """Return a value as a part of a path, as the replacement of `re.sub`."""
    return quote(str(value), safe="", errors="replace").replace("\\", r"\\")


def _header(value: object) -> bytes:
    text = str(value).encode("utf-8", "replace")
    return re.sub(rb"[\x00-\x1f\x7f]", b"?", text)


# Any: JSON.
def _control(method: str, path: str, body: Any, token: str) -> Request:
    headers = (
        (b"authorization", f"Bearer {token}".encode()),
        (b"content-type", b"application/json"),
    )
    text = b"" if body is None else json.dumps(body).encode()
    return Request(method, f"/_mockalog{path}".encode(), b"", headers, text)


def _settings(said: Conversation, token: str) -> Request:
    choose = said.random.choice
    wanted = {
        "rate_limits": choose(("off", "off", "off", "vendor", "tiny")),
        "squared.dialect": choose(("docs", "server")),
        "squared.sync_delay": choose((0, 0, 5)),
        "squared.email_verification": choose((False, False, True)),
        "braze.async_delay": choose((0, 0, 60)),
        "attraqt.activation_delay": choose((0, 0, 60)),
        "attraqt.ingestion_delay": choose((0, 0, 60)),
        "attraqt.fhr_fails": choose((False, False, True)),
    }
    return _control("PATCH", "/settings", wanted, token)


def _clock(said: Conversation, token: str) -> Request:
    choose = said.random.choice
    instants = ("1970-01-01T00:00:00Z", "2025-03-01T09:00:00Z", "9999-12-31T23:59:59Z")
    wanted = choose(
        ({"mode": "real"}, {"mode": "frozen"}, {"mode": "frozen", "now": choose(instants)})
    )
    return _control("PUT", "/clock", wanted, token)


def _advance(said: Conversation, token: str) -> Request:
    seconds = said.random.choice((0, 0.5, 60, 3_600, 86_400))
    return _control("POST", "/clock/advance", {"seconds": seconds}, token)


def _fault(said: Conversation, token: str) -> Request:
    operation = said._operation()
    fault = {"vendor": operation.api, "operation": operation.name, "times": 1}
    shape = said.random.choice(
        ({}, {"phase": "after"}, {"phase": "job"}, {"drop": True}, {"status": 429}, {"after": 2})
    )
    return _control("POST", "/faults", {**fault, **shape}, token)


def _state(said: Conversation, token: str) -> Request:
    states = said._states
    if not states or said.random.random() < 0.5:
        return _control("GET", "/state", None, token)
    return _control("PUT", "/state", said.random.choice(states), token)


def _snapshot(said: Conversation, token: str) -> Request:
    method, path = said.random.choice((("PUT", ""), ("POST", "/restore"), ("DELETE", "")))
    return _control(method, f"/snapshots/a{path}", None, token)


def _reset(said: Conversation, token: str) -> Request:
    wanted = said.random.choice(("baseline", "empty", "snapshot:a"))
    return _control("POST", "/reset", {"to": wanted}, token)


_STEERING: tuple[Callable[[Conversation, str], Request], ...] = (
    _settings,
    _settings,
    _settings,
    _clock,
    _advance,
    _advance,
    _fault,
    _state,
    _snapshot,
    _reset,
    lambda _, token: _control("DELETE", "/faults", None, token),
    lambda _, token: _control("POST", "/clock/settle", None, token),
)


def _without_faults(document: Schema) -> Schema:
    """Return a state document without faults: a changed one could delay calls for an hour."""
    tables = {name: rows for name, rows in document.get("tables", {}).items() if name != "faults"}
    return {**document, "tables": tables} if "tables" in document else document


def _tamed(request: Request) -> Request:
    """Return a request without the long waits that it could ask for."""
    if request.path.endswith(b"/requests/wait"):
        query = re.sub(rb"(^|&)timeout=[^&]*", b"", request.query)
        return request._replace(query=query + b"&timeout=0.01")
    if b"delay" in request.body and b"faults" in request.path:
        body = re.sub(rb'("delay"\s*:\s*)[^,}\s]+', rb"\g<1>0.001", request.body)
        return request._replace(body=body)
    return request
