"""OpenAPI documents: of each vendor and of the control plane, and who may read them."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import validate

from mockalog.control.documents import CONTROL, MAX_ANSWERS, Documents
from mockalog.kernel.vendor import Documentation, Vendor
from mockalog.openapi import document as writing
from mockalog.vendors import VENDORS
from tests.emulation import Emulation, emulate

NAMES = ["", *(f"/{vendor.name}" for vendor in VENDORS)]
BRAZE, SQUARED = (next(v for v in VENDORS if v.name == name) for name in ("braze", "squared"))


@pytest.fixture(scope="module")
def server() -> Iterator[Emulation]:
    """A server whose database does not matter."""
    with emulate() as emulation:
        yield emulation


@pytest.fixture(scope="module")
def document(server: Emulation) -> dict[str, Any]:
    """The document of the control plane."""
    answered: dict[str, Any] = server.control().get("/openapi.json").json()
    return answered


@pytest.mark.parametrize("name", NAMES)
def test_every_document_is_openapi(server: Emulation, name: str) -> None:
    """Of version 3.1."""
    answer = server.control().get(f"{name}/openapi.json")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    validate(answer.json())
    assert "HTTPValidationError" not in answer.text


def operations(document: dict[str, Any]) -> dict[str, Any]:
    """Return the operations of a document by their ids."""
    found = [one for methods in document["paths"].values() for one in methods.values()]
    by_id = {one["operationId"]: one for one in found}
    assert len(by_id) == len(found)
    return by_id


def test_the_control_planes_holds_what_the_vendors_add(document: dict[str, Any]) -> None:
    """Under the vendor's name, for two vendors may call theirs alike."""
    added = {
        f"{vendor.name}_{route.name}"
        for vendor in VENDORS
        for route in vendor.api.inspections.operations
    }

    assert added < operations(document).keys()
    assert operations(document)["braze_mark_field"]["tags"] == ["Braze"]
    assert {tag["name"] for tag in document["tags"]} > {vendor.title for vendor in VENDORS}


def test_a_key_is_optional_and_an_open_call_has_none(document: dict[str, Any]) -> None:
    """Only some servers have an admin token."""
    by_id = operations(document)

    assert by_id["get_clock"]["security"] == [{"admin": []}, {"client": []}, {}]
    assert by_id["get_vendor_document"]["security"] == [{"admin": []}, {}]
    assert "security" not in by_id["get_health"]


def test_a_new_setting_appears_by_itself(server: Emulation, document: dict[str, Any]) -> None:
    """The models are made from the registry."""
    settings = server.control().get("/settings").json()

    schemas = document["components"]["schemas"]
    assert list(schemas["SettingsOut"]["properties"]) == list(settings)
    assert list(schemas["SettingsIn"]["properties"]) == list(settings)
    assert "required" not in schemas["SettingsIn"]


def test_a_document_of_state_may_be_yaml(document: dict[str, Any]) -> None:
    """Its sections are the vendors'."""
    for operation in ("replace_state", "seed"):
        content = operations(document)[operation]["requestBody"]["content"]
        assert list(content) == ["application/json", "application/yaml"]
    seed = document["components"]["schemas"]["SeedIn"]["properties"]
    assert {vendor.name for vendor in VENDORS} < seed.keys()


def test_every_example_is_one(document: dict[str, Any]) -> None:
    """It is valid by the schema beside it."""
    components = document["components"]
    examples = [
        (schema, example)
        for schema in components["schemas"].values()
        for example in schema.get("examples", [])
    ]

    assert len(examples) > 5
    for schema, example in examples:
        Draft202012Validator({**schema, "components": components}).validate(example)


ADDRESSES = [
    ("http://mockalog.test:8000", {}, "/braze"),
    ("http://mockalog.test:8002", {}, "/"),
    ("http://mockalog.test", {"Host": "braze.localhost"}, "/"),
    ("http://mockalog.test:8001", {}, "http://127.0.0.1:8000/braze"),
]


@pytest.mark.parametrize(("url", "headers", "first"), ADDRESSES)
def test_a_page_can_call_the_first_address(
    server: Emulation, url: str, headers: dict[str, str], first: str
) -> None:
    """The API of a vendor is the root at its own port and host, and stands nowhere at another's."""
    control = server.control(headers=headers)
    control.base_url = httpx.URL(url + "/_mockalog")

    servers = control.get("/braze/openapi.json").json()["servers"]

    assert servers == [{"url": first}, {"url": "http://127.0.0.1:8002"}]
    assert control.get("/openapi.json").json()["servers"] == [{"url": "/_mockalog"}]


def test_addresses_begin_with_the_path_of_a_proxy() -> None:
    """The public URL says it, or else the proxy."""
    with emulate(public_url="https://mock.corp.com/api/") as emulation:
        control = emulation.control()

        assert control.get("/openapi.json").json()["servers"] == [{"url": "/api/_mockalog"}]
        first, _ = control.get("/braze/openapi.json").json()["servers"]
        assert first == {"url": "/api/braze"}
    with emulate() as emulation:
        control = emulation.control(headers={"X-Forwarded-Prefix": "/mocks/"})
        first, _ = control.get("/braze/openapi.json").json()["servers"]
        assert first == {"url": "/mocks/braze"}
        for number in range(MAX_ANSWERS + 2):
            headers = {"X-Forwarded-Prefix": f"/{number}"}
            found = control.get("/openapi.json", headers=headers).json()["servers"]
            assert found == [{"url": f"/{number}/_mockalog"}]


KEPT = ["/openapi.json", "/braze/openapi.json", "/docs", "/braze/docs", "/assets/docs.js"]


@pytest.mark.parametrize("call", KEPT)
def test_a_client_that_has_it_gets_no_body(server: Emulation, call: str) -> None:
    """By the digest, alone or in a list."""
    control = server.control()
    first = control.get(call)
    etag = first.headers["etag"]

    for known in (etag, f"W/{etag}", f'"other", {etag}'):
        answer = control.get(call, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
    for unknown in ('"other"', ""):
        assert control.get(call, headers={"If-None-Match": unknown}).content == first.content


@pytest.mark.parametrize("call", ["openapi.json", "docs"])
def test_a_vendor_that_there_is_not_has_no_document(server: Emulation, call: str) -> None:
    """Those that there are are named."""
    answer = server.control().get(f"/nobody/{call}")

    assert answer.status_code == 404
    assert "attraqt, braze, squared" in answer.json()["detail"]


@pytest.fixture
def bilingual(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    """Squared, with two dialects."""
    documented = replace(SQUARED.api.documentation(), dialects=("docs", "server"))
    api = replace(SQUARED.api, documentation=lambda: documented)
    monkeypatch.setitem(vars(SQUARED), "api", api)
    return SQUARED


class TestDialects:
    """Squared has two."""

    @pytest.mark.parametrize("query", ["", "?dialect=docs", "?dialect=server"])
    def test_each_has_a_document(self, bilingual: Vendor, query: str) -> None:
        """The first is the default."""
        with emulate() as emulation:
            answer = emulation.control().get(f"/squared/openapi.json{query}")

        assert answer.status_code == 200
        validate(answer.json())

    @pytest.mark.parametrize("call", ["openapi.json", "docs"])
    def test_an_unknown_one_is_refused_with_those_that_there_are(
        self, bilingual: Vendor, call: str
    ) -> None:
        """On the page too."""
        with emulate() as emulation:
            answer = emulation.control().get(f"/squared/{call}?dialect=nope")

        assert answer.status_code == 400
        assert answer.json()["detail"].endswith("of AI Squared; there is: docs, server")

    def test_a_vendor_without_any_has_no_other(self, server: Emulation) -> None:
        """Nothing is named then."""
        answer = server.control().get("/braze/openapi.json?dialect=nope")

        assert answer.json()["detail"] == "there is no dialect 'nope' of Braze"


class TestWriting:
    """A document is written once, in a thread."""

    def documents(self) -> Documents:
        """Return documents of which none is written yet."""
        return Documents({BRAZE.name: BRAZE}, None)  # type: ignore[arg-type]

    def test_of_two_readers_one_writes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The other waits, whatever its address is."""
        written: list[str] = []
        monkeypatch.setattr(writing, "document_of", _noting(written))
        documents = self.documents()

        async def read() -> list[Any]:
            asked = [documents.answer("braze", "", (url,)) for url in ("/", "/braze", "/")]
            return await asyncio.gather(*asked)

        bodies = [json.loads(answer.body) for answer in asyncio.run(read())]

        assert [body["servers"][0]["url"] for body in bodies] == ["/", "/braze", "/"]
        assert written == ["Braze"]

    def test_the_loop_goes_on_meanwhile(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Writing takes some tenths of a second."""
        loops: list[Any] = []

        def note(*_: Any, **__: Any) -> dict[str, Any]:
            with pytest.raises(RuntimeError):
                loops.append(asyncio.get_running_loop())
            return {}

        monkeypatch.setattr(writing, "document_of", note)
        asyncio.run(self.documents().answer("braze", "", ("/",)))

        assert loops == []

    def test_the_refusals_of_inspections_are_problems(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Of the status that the vendor answers."""
        vendor = _with_errors(monkeypatch)
        known = {one.name: one for one in VENDORS}
        from mockalog.kernel.options import OptionRegistry

        options = OptionRegistry({one.name: one.options for one in VENDORS})
        document = Documents(known, options).write(CONTROL, "", ("/",))

        name = f"{vendor.name}_{vendor.api.inspections.operations[0].name}"
        responses = operations(document)[name]["responses"]
        assert responses["404"] == {"$ref": "#/components/responses/not-found"}


def _noting(written: list[str]) -> Callable[..., dict[str, Any]]:
    def write(api: Any, title: str, **_: Any) -> dict[str, Any]:
        written.append(title)
        return {}

    return write


def _with_errors(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    """Give Braze's first inspection a documented refusal."""
    from mockalog.kernel.errors import UnknownOperation
    from mockalog.kernel.vendor import ErrorDoc

    route = BRAZE.api.inspections.operations[0]
    errors = {**BRAZE.api.documentation().errors}
    errors["test"] = ErrorDoc(UnknownOperation(), None, "A test.")
    documented: Documentation = replace(BRAZE.api.documentation(), errors=errors)
    monkeypatch.setitem(vars(BRAZE), "api", replace(BRAZE.api, documentation=lambda: documented))
    monkeypatch.setitem(route.declaration, "errors", ("test",))
    return BRAZE
