"""OpenAPI documents of each vendor and of the control plane, and the access to them."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator
from openapi_spec_validator import validate

from mockalog.control.documents.documents import MAX_ANSWERS, Documents
from mockalog.control.pages.page import CONTROL
from mockalog.kernel.vendor.vendor import Documentation, Vendor
from mockalog.openapi import document as writing
from mockalog.vendors import VENDORS
from tests.emulation import Emulation, emulate

NAMES = ["", *(f"/{vendor.name}" for vendor in VENDORS)]
BRAZE, SQUARED = (next(v for v in VENDORS if v.name == name) for name in ("braze", "squared"))


@pytest.fixture(scope="module")
def server() -> Iterator[Emulation]:
    """A server on any database."""
    with emulate() as emulation:
        yield emulation


@pytest.fixture(scope="module")
def document(server: Emulation) -> dict[str, Any]:
    """The document of the control plane."""
    answered: dict[str, Any] = server.control().get("/openapi.json").json()
    return answered


@pytest.mark.parametrize("name", NAMES)
def test_every_document_is_openapi(server: Emulation, name: str) -> None:
    """Version 3.1."""
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


def test_the_control_document_has_the_control_routes(document: dict[str, Any]) -> None:
    """Their ids begin with the vendor's name, since two vendors may use one name."""
    added = {
        f"{vendor.name}_{route.name}"
        for vendor in VENDORS
        for route in vendor.api.control_routes.operations
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


def test_a_new_setting_is_documented(server: Emulation, document: dict[str, Any]) -> None:
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


def test_every_example_is_valid(document: dict[str, Any]) -> None:
    """By the schema beside it."""
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
    """At a vendor's own port and host its API is at the root."""
    control = server.control(headers=headers)
    control.base_url = httpx.URL(url + "/_mockalog")

    servers = control.get("/braze/openapi.json").json()["servers"]

    assert servers == [{"url": first}, {"url": "http://127.0.0.1:8002"}]
    assert control.get("/openapi.json").json()["servers"] == [{"url": "/_mockalog"}]


def test_addresses_begin_with_the_path_of_a_proxy() -> None:
    """Of the public URL, otherwise of `X-Forwarded-Prefix`."""
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
def test_a_matching_etag_gets_a_304(server: Emulation, call: str) -> None:
    """Alone or in a list."""
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
def test_an_unknown_vendor_has_no_document(server: Emulation, call: str) -> None:
    """The error lists the vendors."""
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
    """Squared has two dialects."""

    @pytest.mark.parametrize("query", ["", "?dialect=docs", "?dialect=server"])
    def test_each_dialect_has_a_document(self, bilingual: Vendor, query: str) -> None:
        """The first is the default."""
        with emulate() as emulation:
            answer = emulation.control().get(f"/squared/openapi.json{query}")

        assert answer.status_code == 200
        validate(answer.json())

    @pytest.mark.parametrize("call", ["openapi.json", "docs"])
    def test_an_unknown_dialect_is_refused(self, bilingual: Vendor, call: str) -> None:
        """The error lists the dialects; on the page too."""
        with emulate() as emulation:
            answer = emulation.control().get(f"/squared/{call}?dialect=nope")

        assert answer.status_code == 400
        assert answer.json()["detail"].endswith("dialect 'nope': use one of: docs, server")

    def test_a_vendor_without_dialects_takes_none(self, server: Emulation) -> None:
        """The error lists none."""
        answer = server.control().get("/braze/openapi.json?dialect=nope")

        assert answer.json()["detail"] == (
            "Braze does not have the dialect 'nope': it has only one"
        )


class TestWriting:
    """A document is written once, in a thread."""

    def documents(self) -> Documents:
        """Return documents that are not written yet."""
        return Documents({BRAZE.name: BRAZE}, None)  # type: ignore[arg-type]

    def test_concurrent_readers_write_a_document_once(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second waits, also for another address."""
        written: list[str] = []
        monkeypatch.setattr(writing, "document_of", _noting(written))
        documents = self.documents()

        async def read() -> list[Any]:
            asked = [documents.response("braze", "", (url,)) for url in ("/", "/braze", "/")]
            return await asyncio.gather(*asked)

        bodies = [json.loads(answer.body) for answer in asyncio.run(read())]

        assert [body["servers"][0]["url"] for body in bodies] == ["/", "/braze", "/"]
        assert written == ["Braze"]

    def test_writing_does_not_block_the_loop(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It takes some tenths of a second."""
        loops: list[Any] = []

        def note(*_: Any, **__: Any) -> dict[str, Any]:
            with pytest.raises(RuntimeError):
                loops.append(asyncio.get_running_loop())
            return {}

        monkeypatch.setattr(writing, "document_of", note)
        asyncio.run(self.documents().response("braze", "", ("/",)))

        assert loops == []

    def test_the_refusals_of_control_routes_are_problems(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With the status of the vendor's answer."""
        vendor = _with_errors(monkeypatch)
        known = {one.name: one for one in VENDORS}
        from mockalog.kernel.sandboxes.settings import SettingRegistry

        options = SettingRegistry({one.name: one.settings for one in VENDORS})
        document = Documents(known, options).write(CONTROL, "", ("/",))

        name = f"{vendor.name}_{vendor.api.control_routes.operations[0].name}"
        responses = operations(document)[name]["responses"]
        assert responses["404"] == {"$ref": "#/components/responses/not-found"}


def _noting(written: list[str]) -> Callable[..., dict[str, Any]]:
    def write(api: Any, title: str, **_: Any) -> dict[str, Any]:
        written.append(title)
        return {}

    return write


def _with_errors(monkeypatch: pytest.MonkeyPatch) -> Vendor:
    """Give Braze's first control route a documented refusal."""
    from mockalog.kernel.errors import UnknownOperationError
    from mockalog.kernel.vendor.vendor import ErrorDoc

    route = BRAZE.api.control_routes.operations[0]
    errors = {**BRAZE.api.documentation().errors}
    errors["test"] = ErrorDoc(UnknownOperationError(), None, "A test.")
    documented: Documentation = replace(BRAZE.api.documentation(), errors=errors)
    monkeypatch.setitem(vars(BRAZE), "api", replace(BRAZE.api, documentation=lambda: documented))
    monkeypatch.setitem(route.declaration, "errors", ("test",))
    return BRAZE
