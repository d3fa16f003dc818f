"""Lists of connectors: squared.md, sections 3 and 8.2, rows 9 and 10 of section 1."""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.sending import CONNECTORS, kind_c, make_connector, server_dialect

HERE = "http://mockalog.test/squared/api/v1/connectors"


def fill(client: httpx.Client, number: int) -> None:
    """Create connectors named 1, 2, 3 …."""
    for name in range(1, number + 1):
        make_connector(client, name=str(name))


@pytest.mark.parametrize(
    ("number", "query", "names", "links"),
    [
        (0, "", [], (None, None, 1)),
        (1, "", ["1"], (None, None, 1)),
        (10, "?page=1", [str(n) for n in range(10, 0, -1)], (None, None, 1)),
        (11, "", [str(n) for n in range(11, 1, -1)], (None, 2, 2)),
        (11, "?page=2", ["1"], (1, None, 2)),
        (11, "?page=3", [], (2, 4, 2)),
        (1, "?page=2", [], (1, None, 1)),
        (2, "?page=0", ["2", "1"], (None, None, 1)),
        (2, "?page=-3", ["2", "1"], (None, None, 1)),
        (2, "?page=x", ["2", "1"], (None, None, 1)),
    ],
)
def test_pages_of_the_server(
    emulation: Emulation,
    squared: httpx.Client,
    number: int,
    query: str,
    names: list[str],
    links: tuple[int | None, int | None, int],
) -> None:
    """Ten a page, latest change first; `prev`, `next` and `last` as measured."""
    server_dialect(emulation, squared)
    fill(squared, number)
    body = squared.get(CONNECTORS + query).json()

    def link(page: int | None) -> str | None:
        return None if page is None else f"{HERE}?page={page}&per_page=10"

    previous, following, last = links
    assert [one["attributes"]["name"] for one in body["data"]] == names
    assert body["links"] == {
        "self": HERE + (query or "?"),
        "first": link(1),
        "prev": link(previous),
        "next": link(following),
        "last": link(last),
    }


@pytest.mark.parametrize(
    ("dialect", "query", "found"),
    [
        ("docs", "page_size=2", 2),
        ("docs", "per_page=2", 2),
        ("docs", "page[size]=2", 2),
        ("docs", "page_size=1000", 11),
        ("docs", "per_page=2&page[number]=6", 1),
        ("docs", "", 11),
        ("server", "per_page=2", 2),
        ("server", "page_size=2", 10),
        ("server", "per_page=-1", 10),
        ("server", "per_page=x", 10),
        ("server", "per_page=5x", 5),
        ("server", "per_page=%C2%B2", 10),
        ("server", "per_page=99999999999999999999999999", 11),
        ("server", "page=99999999999999999999999999", 0),
    ],
)
def test_the_names_of_the_page_size(
    emulation: Emulation, squared: httpx.Client, dialect: str, query: str, found: int
) -> None:
    """Row 9: the docs' names work in docs dialect, the server knows its own only."""
    if dialect == "server":
        server_dialect(emulation, squared)
    fill(squared, 11)
    response = squared.get(f"{CONNECTORS}?{query}")
    assert (response.status_code, len(response.json()["data"])) == (200, found)


def test_the_documented_maximum(squared: httpx.Client) -> None:
    """Row 9: default and maximum are 100."""
    for query in ("", "?page_size=500"):
        links = squared.get(CONNECTORS + query).json()["links"]
        assert links["first"].endswith("&per_page=100")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("per_page=0", "Current page was incalculable. Perhaps you called .per(0)?"),
        (
            "page[number]=1",
            "undefined method 'to_i' for an instance of ActionController::Parameters",
        ),
    ],
)
def test_what_the_server_cannot_count(
    emulation: Emulation, squared: httpx.Client, query: str, text: str
) -> None:
    """Kind C."""
    server_dialect(emulation, squared)
    response = squared.get(f"{CONNECTORS}?{query}")
    assert (response.status_code, response.json()) == (400, kind_c(text))


def test_links_keep_the_query_sorted_and_encoded(squared: httpx.Client) -> None:
    """Every key of the request stays; a client can follow `next` to the end."""
    fill(squared, 3)
    links = squared.get(f"{CONNECTORS}?x=a,b&page_size=2&category=data").json()["links"]
    assert links["self"] == f"{HERE}?category=data&page_size=2&x=a%2Cb"
    assert links["next"] == f"{HERE}?category=data&page=2&page_size=2&per_page=2&x=a%2Cb"
    following = squared.get(links["next"]).json()
    assert [one["id"] for one in following["data"]] == ["1"]
    assert following["links"]["next"] is None


def test_the_latest_change_comes_first(squared: httpx.Client) -> None:
    """An update moves a connector to the top."""
    fill(squared, 3)
    squared.put(f"{CONNECTORS}/1", json={"name": "again"})
    assert [one["id"] for one in squared.get(CONNECTORS).json()["data"]] == ["1", "3", "2"]


MADE: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Klaviyo", "destination", {}),
    ("Snowflake", "source", {}),
    ("OpenAI", "source", {}),
    ("HttpModel", "source", {}),
    ("Firecrawl", "source", {}),
    ("Postgresql", "source", {"data_type": "vector"}),
    ("Unknown", "source", {"data_type": "vector"}),
    ("Unknown", "destination", {}),
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, "1 2 3 4 5 6 7 8"),
        ({"type": "source"}, "2 3 4 5 6 7"),
        ({"type": "DESTINATION"}, "1 8"),
        ({"category": "data"}, "1 2 5 6 7 8"),
        ({"category": "ai_ml"}, "3 4"),
        ({"category": ""}, "1 2 3 4 5 6 7 8"),
        ({"sub_category": "llm"}, "3"),
        ({"sub_category": "database"}, "1 2 8"),
        ({"sub_category": "web"}, "5"),
        ({"sub_category": "ai_ml_service"}, "4"),
        ({"sub_category": "vector"}, "6 7"),
        ({"type": "source", "category": "data", "sub_category": "database"}, "2"),
    ],
)
def test_filters_combine(squared: httpx.Client, query: dict[str, str], found: str) -> None:
    """Type in any case; categories as the definitions and the configuration have them."""
    for number, (name, kind, configuration) in enumerate(MADE, 1):
        make_connector(
            squared,
            name=str(number),
            connector_name=name,
            connector_type=kind,
            configuration=configuration,
        )
    rows = squared.get(CONNECTORS, params=query).json()["data"]
    assert " ".join(sorted(row["id"] for row in rows)) == found


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("type=sink", {"errors": {"type": ["invalid type"]}}),
        ("type=", {"errors": {"type": ["must be filled"]}}),
        ("category=x", kind_c("undefined method 'x' for an instance of Connector")),
        (
            "sub_category=delete_all",
            kind_c("undefined method 'delete_all' for an instance of Connector"),
        ),
    ],
)
def test_filters_that_there_are_not(squared: httpx.Client, query: str, body: Any) -> None:
    """Kinds A and C; no value is ever called as a method."""
    response = squared.get(f"{CONNECTORS}?{query}")
    assert (response.status_code, response.json()) == (400, body)
