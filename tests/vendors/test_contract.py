"""The contract of every vendor: its own bodies and headers in every response, and no 500."""

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from _pytest.mark import ParameterSet

from mockalog import __version__
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.vendors import VENDORS
from tests.emulation import Emulation, emulate

PAIRS = [(vendor, operation) for vendor in VENDORS for operation in vendor.api.router.operations]


def cases(pairs: list[tuple[Vendor, Route]]) -> list[ParameterSet]:
    """Return the pairs as test cases with readable names."""
    return [pytest.param(v, o, id=f"{v.name}-{o.name}") for v, o in pairs]


def needs_bearer_token(operation: Route) -> bool:
    """Return whether an operation takes no other credential, and needs one.

    The documents of a realm need none (amendment attraqt A3).
    """
    return operation.credential is None and not operation.anonymous


OPERATIONS = cases(PAIRS)
FASTAPI_SHAPE = "detail"


def client_of(emulation: Emulation, vendor: Vendor, **options: Any) -> httpx.Client:
    """Return a client of a vendor, without rate limits, with what its paths need."""
    client = emulation.client(
        f"/{vendor.name}", params={"tenant": "acme", "environment": "live1"}, **options
    )
    emulation.sandbox(client).settings["rate_limits"] = "off"
    return client


def path_of(operation: Route, value: str = "7") -> str:
    """Return the operation's path with its parameters filled in."""
    path = operation.path
    for parameter in operation.parameters:
        path = path.replace(f"{{{parameter}}}", value)
    return path


def has_the_vendors_body(answer: httpx.Response) -> bool:
    """Return whether the answer is the vendor's and not a framework's, and no fault of ours."""
    if answer.status_code in (422, 500) and "errors" not in answer.text + "error":
        return False
    body = answer.json() if "json" in answer.headers.get("content-type", "") else None
    shape = isinstance(body, dict) and FASTAPI_SHAPE in body
    return answer.status_code < 500 and not shape and "Traceback" not in answer.text


BODIES: list[bytes] = [
    b"",
    b"null",
    b"[]",
    b"{}",
    b'"text"',
    b"0",
    b"{",
    b"\xff\xfe",
    b'{"catalogs":[{"name":{"a":[]}}]}',
    b'{"connector":[],"catalog":null,"connector_id":1e400}',
    b'{"name":"a\\u0000b","attributes":null,"catalogItemSchemas":[null]}',
    b'{"connector":{"name":"\\u0000","connector_type":"source","connector_name":"\\u0000",'
    b'"configuration":{"a":"\\u0000"}}}',
    b'{"connector_id":99999999999999999999999,"catalog":{"json_schema":{"a":1}}}',
    b"[" * 90 + b"]" * 90,
    '{"name":"\U0001f3ea","password":"é"}'.encode(),
]
# Where the content type says that it is no JSON, what stands in it matters little.
SOME_BODIES = [b"", b"{", b"a[b]=1&a[]=2&connector[name]=%00", BODIES[-1]]

# What one database takes and the other does not: nothing else depends on which it is.
DELICATE = (b"u0000", b"%00", b"99999", b"1e400", b"%ff")


@pytest.mark.parametrize(
    ("content_type", "bodies"),
    [
        ("application/json", BODIES),
        ("application/x-www-form-urlencoded", SOME_BODIES),
        ("multipart/form-data", SOME_BODIES),
    ],
)
@pytest.mark.parametrize(("vendor", "operation"), OPERATIONS)
def test_no_body_is_a_fault(
    emulation: Emulation,
    vendor: Vendor,
    operation: Route,
    content_type: str,
    bodies: list[bytes],
) -> None:
    """Wrong types, nulls, NUL, unicode, huge numbers, no JSON: all answered by the vendor."""
    client = client_of(emulation, vendor)
    for method in operation.verbs:
        for body in bodies:
            if emulation.runtime.database.shared and not any(part in body for part in DELICATE):
                continue
            headers = {"Content-Type": content_type}
            answer = client.request(method, path_of(operation), content=body, headers=headers)

            assert has_the_vendors_body(answer), (method, body, answer.status_code, answer.text)


PIECES = ["%00", "%2F", "%ff", "99999999999999999999999", "-1", "0", "%F0%9F%8F%AA", "a" * 3000]


@pytest.mark.parametrize(("vendor", "operation"), OPERATIONS)
def test_no_path_and_no_query_is_a_fault(
    emulation: Emulation, vendor: Vendor, operation: Route
) -> None:
    """The same goes for what stands in the address."""
    client = client_of(emulation, vendor)
    for method in operation.verbs:
        for piece in PIECES:
            if emulation.runtime.database.shared and piece.encode()[:5] not in DELICATE:
                continue
            query = (
                f"?tenant={piece}&environment={piece}&page={piece}&per_page={piece}&type={piece}"
            )
            for url in (path_of(operation, piece), path_of(operation) + query):
                answer = client.request(method, url, json={})

                assert has_the_vendors_body(answer), (method, url, answer.status_code, answer.text)


@pytest.mark.parametrize(
    ("vendor", "operation"), cases([pair for pair in PAIRS if needs_bearer_token(pair[1])])
)
def test_without_a_credential_nothing_is_done(
    emulation: Emulation, vendor: Vendor, operation: Route
) -> None:
    """401 in the vendor's words, also when the sandbox is named."""
    client = client_of(emulation, vendor)
    headers = {"Authorization": "", "X-Mockalog-Sandbox": uuid.uuid4().hex}

    answer = client.request(operation.verbs[0], path_of(operation), headers=headers)

    assert answer.status_code == 401
    assert has_the_vendors_body(answer)


# The literal texts of docs/vendors/squared.md#23-authentication.
PLACEHOLDERS = ["undefined", "null", "None", "NaN", "[object Object]", " "]


@pytest.mark.parametrize(
    ("vendor", "operation"), cases([pair for pair in PAIRS if needs_bearer_token(pair[1])])
)
def test_the_text_of_an_unset_variable_is_no_credential(
    emulation: Emulation, vendor: Vendor, operation: Route
) -> None:
    """401 in the vendor's words, also when the sandbox is named."""
    client = client_of(emulation, vendor)
    named = {"X-Mockalog-Sandbox": uuid.uuid4().hex}
    for text in PLACEHOLDERS:
        headers = {"Authorization": f"Bearer {text}", **named}

        answer = client.request(operation.verbs[0], path_of(operation), headers=headers)

        assert answer.status_code == 401
        assert has_the_vendors_body(answer)


@pytest.mark.parametrize("header", ["Authorization", "X-Mockalog-Sandbox"])
@pytest.mark.parametrize(("vendor", "operation"), OPERATIONS)
def test_a_repeated_header_is_ambiguous(
    emulation: Emulation, vendor: Vendor, operation: Route, header: str
) -> None:
    """400 in the vendor's words, for each method, also if both values are equal."""
    client = client_of(emulation, vendor)
    value = client.headers["Authorization"]
    joined = {"Authorization": f"{value}, {value}"}
    for method in operation.verbs:
        for headers in ({}, joined):
            client.headers = httpx.Headers(headers or [(header, value), (header, value)])
            answer = client.request(method, path_of(operation))

            assert answer.status_code == 400
            assert has_the_vendors_body(answer)


@pytest.fixture(scope="module")
def strict() -> Iterator[Emulation]:
    """An app that takes registered credentials only."""
    with emulate(auth="strict") as emulation:
        yield emulation


@pytest.mark.parametrize(
    ("vendor", "operation"), cases([pair for pair in PAIRS if pair[1].permission is not None])
)
def test_without_the_permission_nothing_is_done(
    strict: Emulation, vendor: Vendor, operation: Route
) -> None:
    """A credential with another right is refused, never served."""
    token = uuid.uuid4().hex
    strict.server().credentials.add(vendor.name, token, permissions=())
    client = client_of(strict, vendor, token=token)

    answer = client.request(operation.verbs[0], path_of(operation), json={})

    assert answer.status_code in (
        (403,) if not vendor.api.auth.service_checks_permission else (400, 403, 404, 422)
    )
    assert has_the_vendors_body(answer)


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
class TestEveryVendor:
    """Answers that are alike in kind and differ in words."""

    def test_an_unknown_path_is_a_404_of_the_vendor(
        self, emulation: Emulation, vendor: Vendor
    ) -> None:
        """Not a framework's."""
        answer = client_of(emulation, vendor).get("/no/such/path")

        assert answer.status_code == 404
        assert has_the_vendors_body(answer)

    def test_every_answer_carries_the_version(self, emulation: Emulation, vendor: Vendor) -> None:
        """Success and refusal alike."""
        assert client_of(emulation, vendor).get("/nope").headers["x-mockalog"] == __version__

    def test_our_own_fault_is_a_500_in_the_vendors_words_without_detail(
        self, vendor: Vendor, caplog: pytest.LogCaptureFixture
    ) -> None:
        """What happened is in the log and nowhere else."""
        with emulate() as emulation:
            client = client_of(emulation, vendor)
            object.__setattr__(emulation.runtime, "authenticator", None)
            operation = next(o for o in vendor.api.router.operations if o.credential is None)
            answer = client.request(operation.verbs[0], path_of(operation), json={})

        assert answer.status_code == 500
        assert "NoneType" not in answer.text
        assert "NoneType" in caplog.text

    def test_a_body_beyond_the_limit_is_refused_while_it_arrives(
        self, emulation: Emulation, vendor: Vendor
    ) -> None:
        """Whether its length was declared or not; it is not kept."""
        operation = next(o for o in vendor.api.router.operations if "POST" in o.verbs)
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b" " * 2**20, "more_body": True}

        async def send(message: Any) -> None:
            sent.append(message)

        async def ask() -> None:
            await emulation._app(scope_of(vendor, operation), receive, send)

        emulation.run(ask)

        assert 400 <= sent[0]["status"] < 500

    def test_a_client_that_goes_away_in_its_body_changes_nothing(
        self, emulation: Emulation, vendor: Vendor
    ) -> None:
        """A part of a body is no request."""
        operation = next(o for o in vendor.api.router.operations if "POST" in o.verbs)
        messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": b"{}", "more_body": True},
            {"type": "http.disconnect"},
        ]
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return messages.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        async def ask() -> None:
            await emulation._app(scope_of(vendor, operation), receive, send)

        emulation.run(ask)

        assert sent[0]["status"] == 400


def scope_of(vendor: Vendor, operation: Route) -> dict[str, Any]:
    """Return an ASGI scope that means an operation."""
    return {
        "type": "http",
        "scheme": "http",
        "method": "POST",
        "path": f"/{vendor.name}{operation.path}",
        "query_string": b"",
        "headers": [(b"authorization", b"Bearer x"), (b"host", b"mockalog.test")],
    }
