"""Responses of a Rails server to a client that has the body already."""

from collections.abc import Callable

import httpx
import pytest

from tests.emulation import Emulation
from tests.kernel.factories import SHOP

Known = Callable[[str], list[str]]


@pytest.mark.parametrize(
    "known",
    [
        lambda tag: ["*"],
        lambda tag: [tag.removeprefix("W/")],
        lambda tag: [tag.lower()],
        lambda tag: [f'"other", {tag}'],
        lambda tag: [f"{tag},{tag}"],
        lambda tag: [tag, tag],
        lambda tag: [""],
        lambda tag: [tag[:-1]],
        lambda tag: [],
    ],
)
def test_only_the_same_text_matches(braze: httpx.Client, known: Known) -> None:
    """Rack compares header and ETag as texts: no list, no `*`, no strong tag (inferred)."""
    tag = braze.get("/catalogs").headers["etag"]
    values = [("If-None-Match", value) for value in known(tag)]
    braze.headers = httpx.Headers([*braze.headers.multi_items(), *values])

    answer = braze.get("/catalogs")

    assert (answer.status_code, answer.headers["etag"]) == (200, tag)


def test_a_changed_body_has_another_etag(braze: httpx.Client) -> None:
    """A client that asks again gets the change, and then a 304 for it."""
    tag = braze.get("/catalogs").headers["etag"]
    assert braze.get("/catalogs", headers={"If-None-Match": tag}).status_code == 304
    braze.post("/catalogs", json=SHOP)

    changed = braze.get("/catalogs", headers={"If-None-Match": tag})

    assert (changed.status_code, len(changed.json()["catalogs"])) == (200, 1)
    again = braze.get("/catalogs", headers={"If-None-Match": changed.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_only_reads_with_200_are_replaced(braze: httpx.Client) -> None:
    """A write and a refusal are answered in full, whatever the client has."""
    body = '{"message":"success"}'
    success = {"If-None-Match": 'W/"838a7c62adda8d131d694ae13ba2c5b7"'}
    braze.post("/catalogs", json=SHOP)

    deleted = braze.delete("/catalogs/shop", headers=success)
    missing = braze.get("/catalogs/shop/items", headers=success)

    assert (deleted.status_code, deleted.text) == (200, body)
    assert missing.status_code == 404


def test_a_304_counts_against_the_rate_limit(emulation: Emulation, braze: httpx.Client) -> None:
    """The call is made, only its body is left out."""
    emulation.sandbox(braze).clock.freeze("2025-03-01T12:00:00Z")
    first = braze.get("/catalogs")

    second = braze.get("/catalogs", headers={"If-None-Match": first.headers["etag"]})

    left = [answer.headers["x-ratelimit-remaining"] for answer in (first, second)]
    assert left == ["49", "48"]


def test_the_journal_shows_the_304(emulation: Emulation, braze: httpx.Client) -> None:
    """As the client got it."""
    tag = braze.get("/catalogs").headers["etag"]
    braze.get("/catalogs", headers={"If-None-Match": tag})

    shown = emulation.sandbox(braze).requests.list()

    assert [one["response"]["status"] for one in shown] == [200, 304]


@pytest.mark.parametrize(("vendor", "status"), [("squared", 304), ("attraqt", 404)])
def test_pages_outside_the_api(emulation: Emulation, vendor: str, status: int) -> None:
    """Squared's health page is answered by the same stack."""
    client = emulation.client(f"/{vendor}")
    tag = client.get("/up").headers.get("etag", "none")

    assert client.get("/up", headers={"If-None-Match": tag}).status_code == status


def test_attraqt_has_no_etags(attraqt: httpx.Client) -> None:
    """No source records one."""
    answer = attraqt.get("/catalogs", headers={"If-None-Match": "*"})

    assert (answer.status_code, "etag" in answer.headers) == (200, False)
