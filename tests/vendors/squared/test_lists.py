"""Tests of lists of connectors.

Sources: docs/vendors/squared.md#3-paging and docs/vendors/squared.md#82-list-connectors,
docs/vendors/squared.md#1-contradictions, rows 9 and 10.
"""

from typing import Any

import httpx
import pytest

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.repository.connectors import connectors
from tests.emulation import Emulation
from tests.vendors.squared.factories import DESTINATION, make_connector
from tests.vendors.squared.requests import CONNECTORS, kind_c
from tests.vendors.squared.steering import run_with_repository, use_server_dialect

LATER = 4_000_000_000_000_000
HERE = "http://mockalog.test/squared/api/v1/connectors"


def make_connectors(client: httpx.Client, number: int) -> None:
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
    """A page has ten rows, latest change first. The links are as measured."""
    use_server_dialect(emulation, squared)
    make_connectors(squared, number)
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
    """The docs dialect knows the docs' names, and the server only its own.

    Source: docs/vendors/squared.md#1-contradictions, row 9.
    """
    if dialect == "server":
        use_server_dialect(emulation, squared)
    make_connectors(squared, 11)
    response = squared.get(f"{CONNECTORS}?{query}")
    assert (response.status_code, len(response.json()["data"])) == (200, found)


def test_the_documented_maximum(squared: httpx.Client) -> None:
    """Default and maximum are 100 (docs/vendors/squared.md#1-contradictions, row 9)."""
    for query in ("", "?page_size=500"):
        links = squared.get(CONNECTORS + query).json()["links"]
        assert links["first"].endswith("&per_page=100")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("per_page=0", "Current page was incalculable. Perhaps you called .per(0)?"),
        (
            "page[number]=1",
            "undefined method `to_i' for an instance of ActionController::Parameters",
        ),
    ],
)
def test_pages_that_the_server_refuses(
    emulation: Emulation, squared: httpx.Client, query: str, text: str
) -> None:
    """Kind C."""
    use_server_dialect(emulation, squared)
    response = squared.get(f"{CONNECTORS}?{query}")
    assert (response.status_code, response.json()) == (400, kind_c(text))


def test_links_keep_the_query_sorted_and_encoded(squared: httpx.Client) -> None:
    """Links keep every key of the request. `next` leads to the end."""
    make_connectors(squared, 3)
    links = squared.get(f"{CONNECTORS}?x=a,b&page_size=2&category=data").json()["links"]
    assert links["self"] == f"{HERE}?category=data&page_size=2&x=a%2Cb"
    assert links["next"] == f"{HERE}?category=data&page=2&page_size=2&per_page=2&x=a%2Cb"
    following = squared.get(links["next"]).json()
    assert [one["id"] for one in following["data"]] == ["1"]
    assert following["links"]["next"] is None


def test_the_latest_change_comes_first(squared: httpx.Client) -> None:
    """An update moves a connector to the top."""
    make_connectors(squared, 3)
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
    """Types match in any case. Categories are those of definition and configuration."""
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
        ("category=x", kind_c("undefined method `x' for an instance of Connector")),
        (
            "sub_category=delete_all",
            kind_c("undefined method `delete_all' for an instance of Connector"),
        ),
    ],
)
def test_unknown_filters(squared: httpx.Client, query: str, body: Any) -> None:
    """Kinds A and C. No value is called as a method.

    Ruby 3.2 writes a backtick before the name (amendment squared A12).
    """
    response = squared.get(f"{CONNECTORS}?{query}")
    assert (response.status_code, response.json()) == (400, body)


async def make_many(repository: Repository) -> None:
    """Add connectors 12 to 1000, changed in the order of their numbers; every third is a source."""
    first: Any = await connectors.get_connector(repository, 1, 1)
    for number in range(12, 1001):
        kind = "destination" if number % 3 else "source"
        columns = {**first._asdict(), "id": number, "name": str(number), "connector_type": kind}
        del columns["sandbox_id"]
        await connectors.create_connector(repository, **{**columns, "updated_at": LATER + number})


@pytest.mark.parametrize(("dialect", "size"), [("docs", 100), ("server", 10)])
def test_lists_of_every_length(
    emulation: Emulation, squared: httpx.Client, dialect: str, size: int
) -> None:
    """Filters, pages and links agree for 0, 1, 10, 11 and 1,000 connectors.

    docs/vendors/squared.md#1-contradictions, row 9: a page has ten connectors of the server's, a
    hundred of the docs'. Row 10: no filter is required.
    """
    if dialect == "server":
        use_server_dialect(emulation, squared)
    emulation.sandbox(squared).settings["rate_limits"] = "off"
    made = 0
    for number in (0, 1, 10, 11, 1000):
        if number < 1000:
            for name in range(made + 1, number + 1):
                make_connector(squared, name=str(name))
        else:
            run_with_repository(emulation, squared, make_many)
        made = number
        expected = [str(n) for n in range(number, 0, -1)]
        assert follow_pages(squared, "", size) == expected
        for query, kind in (("type=source", 0), ("type=destination&category=data", 1)):
            of_kind = [n for n in expected if (int(n) < 12 or int(n) % 3 > 0) == bool(kind)]
            assert follow_pages(squared, f"{query}&per_page=70", 70) == of_kind
    taken = squared.post(CONNECTORS, json={"connector": {**DESTINATION, "name": "998"}})
    assert taken.status_code == 422


def follow_pages(client: httpx.Client, query: str, size: int) -> list[str]:
    """Return the names in a list, page by page, and check the links of each page."""
    names: list[str] = []
    first = client.get(f"{CONNECTORS}?{query}").json()["links"]
    following: str | None = first["first"]
    number = 0
    while following is not None:
        body, number = client.get(following).json(), number + 1
        links = body["links"]
        assert links["self"] == following
        assert (links["first"], links["last"]) == (first["first"], first["last"])
        assert (links["prev"] is None) is (number == 1)
        assert len(body["data"]) == size or links["next"] is None
        names += [one["attributes"]["name"] for one in body["data"]]
        following = links["next"]
    assert f"page={number}&per_page={size}" in first["last"]
    return names
