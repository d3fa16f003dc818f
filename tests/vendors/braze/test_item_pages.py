"""Pages of items over HTTP: cursors, the Link header and the order.

Source: docs/vendors/braze.md#43-list-items.
"""

from base64 import b64encode

import httpx
import pytest

from tests.emulation import HOST, Emulation
from tests.vendors.braze.factories import make_catalog, make_item, make_items
from tests.vendors.braze.requests import get_item, list_ids, send, walk_pages
from tests.vendors.braze.steering import unlimited

ITEMS = "/catalogs/restaurants/items"
IDS = [f"r{number}" for number in range(120)]

# Documented cursors.
AT_0, AT_50, AT_100 = "c2tpcDow", "c2tpcDo1MA==", "c2tpcDoxMDA="

TO_50 = f'<{ITEMS}?cursor={AT_50}>; rel="next"'
BACK_TO_0 = f'<{ITEMS}?cursor={AT_0}>; rel="prev"'


def workspace(emulation: Emulation, item_ids: list[str]) -> httpx.Client:
    """Return a client whose workspace has a catalog of these items."""
    client = unlimited(emulation, emulation.client("/braze"))
    make_catalog(client, "restaurants", Name="string")
    make_items(client, "restaurants", item_ids)
    return client


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client with a catalog of 120 items, alone in its sandbox."""
    return workspace(emulation, IDS)


@pytest.fixture(scope="module")
def reader(emulation: Emulation) -> httpx.Client:
    """A client with a catalog of 120 items, for many tests that only read."""
    return workspace(emulation, IDS)


def cursor(skip: int) -> str:
    """Return the cursor of an offset."""
    return b64encode(b"skip:%d" % skip).decode()


def ids_on(page: httpx.Response) -> list[str]:
    """Return the ids of a page's items."""
    assert page.status_code == 200, page.text
    return [found["id"] for found in page.json()["items"]]


class TestLinks:
    """The Link header, byte for byte as documented."""

    @pytest.mark.parametrize(
        ("query", "link"),
        [
            ("", TO_50),
            (
                f"?cursor={AT_50}",
                f'<{ITEMS}?cursor={AT_0}>; rel="prev",<{ITEMS}?cursor={AT_100}>; rel="next"',
            ),
            (f"?cursor={AT_100}", f'<{ITEMS}?cursor={AT_50}>; rel="prev"'),
            (f"?cursor={AT_0}", TO_50),
            ("?cursor=", TO_50),
        ],
    )
    def test_links_are_relative_and_not_encoded(
        self, reader: httpx.Client, query: str, link: str
    ) -> None:
        """`prev` comes before `next`, with a comma but no space between."""
        assert reader.get(f"{ITEMS}{query}").headers["link"] == link

    @pytest.mark.parametrize(("count", "link"), [(0, None), (50, None), (51, TO_50)])
    def test_a_single_page_has_no_link(
        self, emulation: Emulation, count: int, link: str | None
    ) -> None:
        """Fifty items fit on one page."""
        page = workspace(emulation, IDS[:count]).get(ITEMS)

        assert ids_on(page) == IDS[: min(count, 50)]
        assert page.headers.get("link") == link

    def test_an_empty_page_is_an_empty_array(self, emulation: Emulation) -> None:
        """The response has both keys."""
        assert workspace(emulation, []).get(ITEMS).text == '{"items":[],"message":"success"}'

    @pytest.mark.parametrize(
        ("base", "host"),
        [
            (HOST + "/braze", None),
            (HOST, "rest.iad-03.braze.com"),
            (HOST, "rest.fra-01.braze.eu:8443"),
            (HOST, "braze.localhost:8000"),
        ],
    )
    def test_the_address_of_the_call_is_not_in_the_link(
        self, reader: httpx.Client, base: str, host: str | None
    ) -> None:
        """Links start at Braze's root, also under a path prefix or a virtual host."""
        headers = {"Host": host} if host else {}

        page = reader.get(f"{base}{ITEMS}/?cursor={AT_50}", headers=headers)

        assert ids_on(page) == IDS[50:100]
        assert page.headers["link"].startswith(BACK_TO_0)


class TestCursors:
    """The query's `cursor`."""

    @pytest.mark.parametrize(
        "query", ["c2tpcDo1MA==", "c2tpcDo1MA%3D%3D", "c2tpcDo1MA%3d%3d", "%632tpcDo1MA=%3D"]
    )
    def test_a_cursor_may_be_raw_or_percent_encoded(self, reader: httpx.Client, query: str) -> None:
        """Clients send both."""
        assert ids_on(reader.get(f"{ITEMS}?cursor={query}")) == IDS[50:100]

    @pytest.mark.parametrize("skip", [0, 1, 7, 49, 50, 99, 119])
    def test_any_offset_is_a_cursor(self, reader: httpx.Client, skip: int) -> None:
        """Offsets need not be multiples of fifty."""
        assert ids_on(reader.get(f"{ITEMS}?cursor={cursor(skip)}")) == IDS[skip : skip + 50]

    @pytest.mark.parametrize(
        ("skip", "before"), [(120, 70), (121, 71), (10**6, 10**6 - 50), (10**17, 10**17 - 50)]
    )
    def test_beyond_the_end_only_prev_exists(
        self, reader: httpx.Client, skip: int, before: int
    ) -> None:
        """The status is 200, and the page is empty."""
        page = reader.get(f"{ITEMS}?cursor={cursor(skip)}")

        assert ids_on(page) == []
        assert page.headers["link"] == f'<{ITEMS}?cursor={cursor(before)}>; rel="prev"'

    @pytest.mark.parametrize(
        ("query", "decoded"),
        [
            ("bad-cursor", "bad-cursor"),
            ("c2tpcDo1MA", "c2tpcDo1MA"),
            ("skip%3A50", "skip:50"),
            ("c2tpcDo1MA%253D%253D", "c2tpcDo1MA%3D%3D"),
            (cursor(0)[:-1], "c2tpcDo"),
            (b64encode(b"skip:-1").decode(), "c2tpcDotMQ=="),
            ("%00", "\x00"),
            ("%FF", "\ufffd"),
        ],
    )
    def test_anything_else_is_refused_with_the_documented_text(
        self, reader: httpx.Client, query: str, decoded: str
    ) -> None:
        """The response has the cursor, decoded once."""
        answer = reader.get(f"{ITEMS}?cursor={query}")

        assert answer.status_code == 400
        assert answer.json() == {
            "errors": [
                {
                    "id": "invalid-cursor",
                    "message": "'cursor' is not valid",
                    "parameters": ["cursor"],
                    "parameter_values": [decoded],
                }
            ],
            "message": "Invalid Request",
        }

    def test_other_parameters_are_ignored(self, reader: httpx.Client) -> None:
        """Only `cursor` is documented."""
        page = reader.get(f"{ITEMS}?limit=3&cursor={AT_50}&page=9")

        assert ids_on(page) == IDS[50:100]

    def test_head_has_the_links_too(self, reader: httpx.Client) -> None:
        """The headers are the same, the body is empty."""
        page = reader.head(ITEMS)

        assert (page.status_code, page.headers["link"], page.content) == (200, TO_50, b"")


class TestOrder:
    """Items come in order of creation."""

    def test_a_walk_along_the_links_finds_every_item_once(self, reader: httpx.Client) -> None:
        """The catalog has three pages."""
        pages = [ids_on(page) for page in walk_pages(reader, "restaurants")]

        assert pages == [IDS[:50], IDS[50:100], IDS[100:]]

    def test_writing_an_item_does_not_move_it(self, client: httpx.Client) -> None:
        """PUT and PATCH keep the position, single or bulk."""
        for method, path, item_id in [
            ("PUT", "/r7", {}),
            ("PATCH", "/r8", {}),
            ("PUT", "", {"id": "r9"}),
            ("PATCH", "", {"id": "r10"}),
            ("POST", "", {"id": "r11"}),
        ]:
            answer = send(client, method, f"restaurants/items{path}", {**item_id, "Name": "n"})
            assert answer.status_code in (200, 202)

        assert list_ids(client, "restaurants") == IDS
        assert get_item(client, "restaurants", "r9")["Name"] == "n"

    def test_an_item_created_again_goes_to_the_end(self, client: httpx.Client) -> None:
        """It does not get its old position."""
        client.delete(f"{ITEMS}/r7")
        send(client, "DELETE", "restaurants/items", {"id": "r60"})
        make_item(client, "restaurants", "r60")
        send(client, "PUT", "restaurants/items", {"id": "r7"})

        rest = [item_id for item_id in IDS if item_id not in ("r7", "r60")]
        assert list_ids(client, "restaurants") == [*rest, "r60", "r7"]

    def test_deletions_move_the_later_items_up(self, client: httpx.Client) -> None:
        """An offset counts the existing items."""
        for start in (0, 30):
            gone = [{"id": item_id} for item_id in IDS[start : start + 30]]
            send(client, "DELETE", "restaurants/items", *gone)
        client.delete(f"{ITEMS}/r119")

        assert ids_on(client.get(ITEMS)) == IDS[60:110]
        page = client.get(f"{ITEMS}?cursor={AT_50}")
        assert ids_on(page) == IDS[110:119]
        assert page.headers["link"] == BACK_TO_0

    def test_pages_of_catalogs_are_separate(self, client: httpx.Client) -> None:
        """Each catalog has its own order."""
        make_catalog(client, "bars")
        make_items(client, "bars", ["b1", "r1"])
        make_item(client, "restaurants", "b1")

        assert list_ids(client, "bars") == ["b1", "r1"]
        assert list_ids(client, "restaurants") == [*IDS, "b1"]
