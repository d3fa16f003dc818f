"""The pages that show documents: offline, under a strict policy, with files of this server."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

import httpx
import pytest

from mockalog.control.pages.assets import TYPES
from mockalog.control.pages.page import Shown, page
from mockalog.vendors import VENDORS
from tests.emulation import Emulation, emulate

PAGES = ["/docs", *(f"/{vendor.name}/docs" for vendor in VENDORS)]
SQUARED = next(vendor for vendor in VENDORS if vendor.name == "squared")


@pytest.fixture(scope="module")
def control() -> Iterator[httpx.Client]:
    """The control plane of a server on any database."""
    with emulate() as emulation:
        yield emulation.control()


@pytest.mark.parametrize("call", PAGES)
def test_every_document_has_a_page(control: httpx.Client, call: str) -> None:
    """Every file of the page is on this server."""
    answer = control.get(call)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    links = re.findall(r'(?:href|src|data-url)="([^"]+)"', answer.text)
    assert len(links) > 8
    for link in links:
        assert control.get(urljoin(f"http://mockalog.test/_mockalog{call}", link)).is_success


@pytest.mark.parametrize("call", PAGES)
def test_a_page_runs_only_scripts_of_this_server(control: httpx.Client, call: str) -> None:
    """The page has no inline script."""
    answer = control.get(call)

    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["connect-src"].split()[0] == "'self'"
    assert re.findall(r"<script[^>]*>([^<]*)</script>", answer.text) == ["", ""]
    assert not re.search(r" on\w+=", answer.text)


def test_a_vendors_page_may_call_its_own_port(control: httpx.Client) -> None:
    """It is the second address of the document."""
    policy = control.get("/braze/docs").headers["content-security-policy"]

    assert policy.endswith("connect-src 'self' http://127.0.0.1:8002")


@pytest.mark.parametrize("name", TYPES)
def test_a_file_has_its_type(control: httpx.Client, name: str) -> None:
    """Browsers check it."""
    answer = control.get(f"/assets/{name}")

    assert answer.headers["content-type"] == TYPES[name].decode()
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content


@pytest.mark.parametrize("name", ["nope.js", "__init__.py", "..%2Fassets.py", "docs.html"])
def test_other_files_are_not_found(control: httpx.Client, name: str) -> None:
    """Also outside the folder."""
    assert control.get(f"/assets/{name}").status_code == 404


def test_pages_open_no_sandbox(emulation: Emulation) -> None:
    """They need the same token as other reads."""
    before = emulation.run(emulation.runtime.sandboxes.all)

    answer = emulation.control(headers={"Authorization": "Bearer page"}).get("/docs")

    assert answer.status_code == 200
    assert len(emulation.run(emulation.runtime.sandboxes.all)) == len(before)


def test_a_page_links_to_the_dialects(monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows the requested one."""
    documented = replace(SQUARED.api.documentation(), dialects=("docs", "server"))
    api = replace(SQUARED.api, documentation=lambda: documented)
    monkeypatch.setitem(vars(SQUARED), "api", api)
    with emulate() as emulation:
        control = emulation.control()
        usual = control.get("/squared/docs").text
        other = control.get("/squared/docs?dialect=server").text

    assert 'data-url="openapi.json"' in usual
    assert '<a href="docs?dialect=docs" aria-current="page">docs</a>' in usual
    assert 'data-url="openapi.json?dialect=server"' in other
    assert '<a href="docs?dialect=server" aria-current="page">server</a>' in other


def test_names_are_escaped() -> None:
    """Of vendors and dialects."""
    shown = page(Shown("a", "<script>", dialects=('"><b>',)), [("a", "<script>")]).decode()

    assert "<script>" not in shown
    assert "<b>" not in shown
