"""Braze's three catalog calls over HTTP.

Sources: docs/vendors/braze.md#1-endpoints to docs/vendors/braze.md#3-catalogs.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockalog.vendors.braze import vendor
from mockalog.vendors.braze.schemas.catalogs import CatalogsIn
from tests.emulation import Emulation, emulate
from tests.vendors.braze.factories import example_of
from tests.vendors.braze.steering import advance, freeze, register_key, unlimited

# Braze's own example of the create-catalog page, host changed.
RESTAURANTS = example_of(CatalogsIn)
SUCCESS_ETAG = 'W/"838a7c62adda8d131d694ae13ba2c5b7"'


def catalog(name: str, **changes: Any) -> dict[str, Any]:
    """Return a body that creates a small catalog."""
    fields = [{"name": "id", "type": "string"}]
    return {"catalogs": [{"name": name, "description": "d", "fields": fields, **changes}]}


class TestCreate:
    """`POST /catalogs`."""

    def test_the_documented_example_gives_the_recorded_body(
        self, emulation: Emulation, braze: httpx.Client
    ) -> None:
        """The response has the real, larger shape, with the keys in the recorded order."""
        freeze(emulation, braze, "2024-10-14T10:28:01.749+00:00")

        answer = braze.post("/catalogs", json=RESTAURANTS)

        assert answer.status_code == 201
        assert answer.text == (
            '{"catalogs":[{"description":"My Restaurants","fields":['
            '{"name":"id","token":"-1","type":"string"},'
            '{"name":"Name","token":"0","type":"string"},'
            '{"name":"City","token":"1","type":"string"},'
            '{"name":"Cuisine","token":"2","type":"string"},'
            '{"name":"Rating","token":"3","type":"number"},'
            '{"name":"Loyalty_Program","token":"4","type":"boolean"},'
            '{"name":"Created_At","token":"5","type":"time"}],'
            '"name":"restaurants","source":"Braze","num_items":0,"storage_size":0,'
            '"selections_size":0,"updated_at":"2024-10-14T10:28:01.749+00:00","selections":[]}],'
            '"message":"success"}'
        )

    def test_a_taken_name_is_refused_with_the_recorded_text(self, braze: httpx.Client) -> None:
        """The duplicate gets Braze's own body, byte for byte."""
        braze.post("/catalogs", json=RESTAURANTS)

        answer = braze.post("/catalogs", json=RESTAURANTS)

        assert answer.status_code == 400
        assert answer.text == (
            '{"errors":[{"id":"catalog-name-already-exists",'
            '"message":"A catalog with that name already exists","parameters":["name"],'
            '"parameter_values":["restaurants"]}],"message":"Invalid Request"}'
        )

    def test_names_differ_by_case(self, braze: httpx.Client) -> None:
        """The comparison of names is case-sensitive (inferred)."""
        assert braze.post("/catalogs", json=catalog("shops")).status_code == 201
        assert braze.post("/catalogs", json=catalog("Shops")).status_code == 201

    def test_a_missing_description_comes_back_as_null(self, braze: httpx.Client) -> None:
        """Some clients send none, and real catalogs have null."""
        answer = braze.post("/catalogs", json=catalog("shops", description=None))

        assert answer.json()["catalogs"][0]["description"] is None

    @pytest.mark.parametrize("description", ["Läden 🏪", "a\x00b", '"quoted" \\ <b>'])
    def test_a_description_keeps_any_text(self, braze: httpx.Client, description: str) -> None:
        """Responses show Unicode, NUL and quotes as they were sent."""
        braze.post("/catalogs", json=catalog("shops", description=description))

        assert braze.get("/catalogs").json()["catalogs"][0]["description"] == description

    def test_fifty_at_once_under_one_name_create_one(
        self, emulation: Emulation, braze: httpx.Client
    ) -> None:
        """One is created; the other requests get Braze's own error."""
        unlimited(emulation, braze)
        requests = [
            braze.build_request("POST", "/catalogs", json=catalog("one")) for _ in range(50)
        ]

        answers = emulation.at_once(braze, requests)

        statuses = sorted(answer.status_code for answer in answers)
        assert statuses == [201] + [400] * 49
        ids = {a.json()["errors"][0]["id"] for a in answers if a.status_code == 400}
        assert ids == {"catalog-name-already-exists"}
        assert len(braze.get("/catalogs").json()["catalogs"]) == 1


class TestList:
    """`GET /catalogs`."""

    def test_an_empty_workspace_lists_nothing(self, braze: httpx.Client) -> None:
        """The response has the key `catalogs`."""
        answer = braze.get("/catalogs")

        assert answer.status_code == 200
        assert answer.text == '{"catalogs":[],"message":"success"}'

    def test_catalogs_come_in_order_of_creation(self, braze: httpx.Client) -> None:
        """The list shows each catalog as its creation did."""
        created = [
            braze.post("/catalogs", json=catalog(name)).json()["catalogs"][0]
            for name in ("zoo", "apes", "Bees")
        ]

        assert braze.get("/catalogs").json()["catalogs"] == created


class TestDelete:
    """`DELETE /catalogs/{catalog_name}`."""

    def test_a_deleted_catalog_is_gone_and_its_name_free(self, braze: httpx.Client) -> None:
        """Names can be used again after deletion (recorded sequence)."""
        braze.post("/catalogs", json=RESTAURANTS)

        answer = braze.delete("/catalogs/restaurants")

        assert (answer.status_code, answer.text) == (200, '{"message":"success"}')
        assert braze.get("/catalogs").json()["catalogs"] == []
        assert braze.post("/catalogs", json=RESTAURANTS).status_code == 201

    def test_an_unknown_catalog_is_not_found_with_the_documented_text(
        self, braze: httpx.Client
    ) -> None:
        """404 with the catalog error envelope."""
        answer = braze.delete("/catalogs/nope")

        assert answer.status_code == 404
        assert answer.json() == {
            "errors": [
                {
                    "id": "catalog-not-found",
                    "message": "Could not find catalog",
                    "parameters": ["catalog_name"],
                    "parameter_values": ["nope"],
                }
            ],
            "message": "Invalid Request",
        }

    @pytest.mark.parametrize(
        ("path", "name"),
        [("a%2Fb", "a/b"), ("caf%C3%A9", "café"), ("a%20b", "a b"), ("..%2e", "...")],
    )
    def test_a_percent_encoded_name_is_decoded_once(
        self, braze: httpx.Client, path: str, name: str
    ) -> None:
        """An encoded slash stays inside the name."""
        answer = braze.delete(f"/catalogs/{path}")

        assert answer.json()["errors"][0]["parameter_values"] == [name]

    def test_a_body_is_ignored(self, braze: httpx.Client) -> None:
        """Segment sends one along with DELETE."""
        braze.post("/catalogs", json=RESTAURANTS)

        answer = braze.request("DELETE", "/catalogs/restaurants", content=b'{"items": [{}')

        assert answer.status_code == 200


class TestHeaders:
    """The headers of every response (recorded, braze_ruby)."""

    def test_success_carries_the_recorded_headers(self, braze: httpx.Client) -> None:
        """ETag, cache control, request id, run time and the rate limit."""
        headers = braze.get("/catalogs").headers

        assert headers["content-type"] == "application/json"
        assert headers["cache-control"] == "max-age=0, private, must-revalidate"
        assert re.fullmatch(r'W/"[0-9a-f]{32}"', headers["etag"])
        assert re.fullmatch(
            r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
            headers["x-request-id"],
        )
        assert re.fullmatch(r"\d+\.\d{6}", headers["x-runtime"])
        assert headers["vary"] == "Origin,Accept-Encoding"
        assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"

    def test_the_etag_is_half_of_the_bodys_sha256(self, braze: httpx.Client) -> None:
        """The body that is always the same has the recorded ETag."""
        braze.post("/catalogs", json=RESTAURANTS)

        assert braze.delete("/catalogs/restaurants").headers["etag"] == SUCCESS_ETAG

    def test_an_error_carries_no_etag(self, braze: httpx.Client) -> None:
        """Errors are not cached."""
        headers = braze.delete("/catalogs/nope").headers

        assert headers["cache-control"] == "no-cache"
        assert "etag" not in headers

    def test_only_the_version_is_added(self, braze: httpx.Client) -> None:
        """The emulator adds only one header of its own."""
        assert set(braze.get("/catalogs").headers) == {
            "content-length",
            "content-type",
            "cache-control",
            "etag",
            "x-request-id",
            "x-runtime",
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
            "vary",
            "strict-transport-security",
            "x-mockalog",
        }


class TestRateLimit:
    """The bucket of the three catalog calls: fifty a minute."""

    def test_windows_are_aligned_to_the_clock_minute(
        self, emulation: Emulation, braze: httpx.Client
    ) -> None:
        """Remaining is counted after the request; reset is the next minute in epoch seconds."""
        freeze(emulation, braze, "2024-10-14T10:28:01.749+00:00")

        headers = braze.get("/catalogs").headers

        assert headers["x-ratelimit-limit"] == "50"
        assert headers["x-ratelimit-remaining"] == "49"
        assert headers["x-ratelimit-reset"] == "1728901740"

    def test_a_rejected_request_counts_too(self, emulation: Emulation, braze: httpx.Client) -> None:
        """A duplicate creation counted (recorded)."""
        freeze(emulation, braze, "2024-10-14T10:28:01Z")
        braze.post("/catalogs", json=RESTAURANTS)

        answer = braze.post("/catalogs", json=RESTAURANTS)

        assert answer.status_code == 400
        assert answer.headers["x-ratelimit-remaining"] == "48"

    def test_the_fifty_first_in_a_minute_is_refused_and_the_next_minute_is_new(
        self, emulation: Emulation, braze: httpx.Client
    ) -> None:
        """429 keeps the three headers and adds `Retry-After`."""
        freeze(emulation, braze, "2024-10-14T10:28:01Z")
        statuses = [braze.get("/catalogs").status_code for _ in range(50)]
        assert statuses == [200] * 50

        refused = braze.get("/catalogs")

        assert (refused.status_code, refused.text) == (429, '{"message":"Rate limit exceeded"}')
        assert refused.headers["x-ratelimit-remaining"] == "0"
        assert refused.headers["retry-after"] == "59"
        advance(emulation, braze, 59)
        assert braze.get("/catalogs").status_code == 200

    def test_an_unknown_key_does_not_count(self, braze: httpx.Client) -> None:
        """401 has the headers with empty values."""
        headers = braze.get("/catalogs", headers={"Authorization": ""}).headers

        assert headers["x-ratelimit-limit"] == ""
        assert headers["x-ratelimit-remaining"] == ""
        assert headers["x-ratelimit-reset"] == ""


class TestErrors:
    """Errors that come before the search for a catalog.

    Sources: docs/vendors/braze.md#23-authentication and docs/vendors/braze.md#24-generic-errors.
    """

    @pytest.mark.parametrize("text", ["undefined", "null", "None", "NaN", "[object Object]"])
    def test_the_text_of_an_unset_variable_is_an_unknown_key(
        self, braze: httpx.Client, text: str
    ) -> None:
        """The answer shows it, as every unknown key."""
        answer = braze.get("/catalogs", headers={"Authorization": f"Bearer {text}"})

        assert (answer.status_code, answer.json()) == (401, {"message": f"Invalid API key: {text}"})

    def test_two_keys_are_a_bad_request(self, braze: httpx.Client) -> None:
        """Neither of them counts (inferred)."""
        braze.headers = httpx.Headers(
            [("Authorization", "Bearer a"), ("Authorization", "Bearer b")]
        )

        answer = braze.get("/catalogs")

        assert (answer.status_code, answer.text) == (400, '{"message":"Bad Request"}')

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
    def test_the_scheme_may_have_any_case(self, emulation: Emulation, scheme: str) -> None:
        """All of them find the same workspace (amendment braze A10)."""
        client = emulation.client("/braze")
        client.post("/catalogs", json=RESTAURANTS)
        key = client.headers["Authorization"].removeprefix("Bearer ")

        answer = client.get("/catalogs", headers={"Authorization": f"{scheme} {key}"})

        assert len(answer.json()["catalogs"]) == 1

    @pytest.mark.parametrize("authorization", ["", "Bearer ", "Basic abc", "abc", "Token abc"])
    def test_a_missing_key_is_unauthorized(self, braze: httpx.Client, authorization: str) -> None:
        """Only a bearer token is a key."""
        answer = braze.get("/catalogs", headers={"Authorization": authorization})

        assert (answer.status_code, answer.text) == (401, '{"message":"Invalid API key: "}')

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/"),
            ("PUT", "/catalogs/shops"),
            ("PATCH", "/catalogs/shops"),
            ("POST", "/catalogs/shops"),
            ("PUT", "/catalogs"),
            ("PATCH", "/catalogs"),
            ("DELETE", "/catalogs"),
            ("POST", "/catalogs/shops/nope/deeper"),
            ("GET", "/catalogs/shops/fields/Rating"),
            ("GET", "/catalogs/shops/items/a/b"),
            ("POST", "/catalogs//items"),
            ("GET", "/Catalogs"),
            ("GET", "/v1/catalogs"),
            ("POST", "/users/track"),
            ("GET", "/catalogs%2Fshops%2Fitems"),
            ("GET", "/🏪"),
            ("OPTIONS", "/catalogs"),
            ("BREW", "/catalogs"),
        ],
    )
    def test_an_unknown_method_or_path_is_not_found(
        self, braze: httpx.Client, method: str, path: str
    ) -> None:
        """Braze has no 405 (inferred), and the key is not checked (amendment braze A3)."""
        answer = braze.request(method, path, headers={"Authorization": ""})

        assert (answer.status_code, answer.text) == (404, '{"message":"Invalid URL"}')

    def test_a_catalog_cannot_be_read_by_its_name(self, braze: httpx.Client) -> None:
        """A published client maps its 404 to "not found" (amendment braze A3)."""
        assert braze.post("/catalogs", json=RESTAURANTS).status_code == 201

        for name in ("restaurants", "restaurants/", "nope"):
            answer = braze.get(f"/catalogs/{name}")
            assert (answer.status_code, answer.text) == (404, '{"message":"Invalid URL"}')

    @pytest.mark.parametrize(
        "content",
        [b"{", b"\xff", b"NaN", b'{"a": NaN}', b"[" * 5000, b"[" * 201 + b"]" * 201, b"'"],
    )
    def test_a_body_that_is_no_json_is_a_bad_request(
        self, braze: httpx.Client, content: bytes
    ) -> None:
        """With any content type."""
        answer = braze.post("/catalogs", content=content)

        assert (answer.status_code, answer.text) == (400, '{"message":"Bad Request"}')

    def test_malformed_json_comes_after_the_key(self, braze: httpx.Client) -> None:
        """An unknown caller gets no error about the body."""
        answer = braze.post("/catalogs", content=b"{", headers={"Authorization": ""})

        assert answer.status_code == 401

    def test_an_empty_body_is_a_missing_array(self, braze: httpx.Client) -> None:
        """An empty body is not bad syntax."""
        answer = braze.post("/catalogs")

        assert answer.json()["errors"][0]["id"] == "catalog-array-invalid"

    @pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded"])
    def test_the_content_type_is_ignored(self, braze: httpx.Client, content_type: str) -> None:
        """All bodies are JSON."""
        answer = braze.post(
            "/catalogs",
            content=b'{"catalogs":[{"name":"a","fields":[{"name":"id","type":"string"}]}]}',
            headers={"Content-Type": content_type},
        )

        assert answer.status_code == 201

    def test_a_trailing_slash_works_without_a_redirect(self, braze: httpx.Client) -> None:
        """Segment sends one."""
        assert braze.post("/catalogs/", json=RESTAURANTS).status_code == 201
        assert braze.delete("/catalogs/restaurants/").status_code == 200

    def test_head_is_get_without_a_body(self, braze: httpx.Client) -> None:
        """The status and the length are the same, the body is empty."""
        answer = braze.head("/catalogs")

        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == "35"

    @pytest.mark.parametrize("size", [4_000_001, 4 * 1024 * 1024])
    def test_a_body_of_4_mib_is_read(self, braze: httpx.Client, size: int) -> None:
        """The documented limit is 4 MB; up to 4 MiB is inferred to pass (amendment braze A2)."""
        body = json.dumps(RESTAURANTS).encode()

        assert braze.post("/catalogs", content=body.ljust(size)).status_code == 201

    def test_the_limit_is_in_every_call(self, emulation: Emulation) -> None:
        """Also where the call ignores its body, or does not exist (amendment braze A2)."""
        client = emulation.client("/braze")
        body = b" " * (4 * 1024 * 1024 + 1)
        calls = [(one.verbs[0], one.path) for one in vendor.api.router.operations]

        for method, path in [*calls, ("POST", "/nope")]:
            for content in (body, chunked(body)):
                answer = client.request(method, path, content=content)

                assert (answer.status_code, answer.text) == (413, TOO_LARGE), (method, path)


TOO_LARGE = '{"message":"Request Entity Too Large"}'


def chunked(body: bytes) -> Iterator[bytes]:
    """Yield a body in parts, so that no header declares its length."""
    yield body[:-1]
    yield body[-1:]


class TestStrict:
    """In strict mode only registered keys work, with their permissions."""

    def test_an_unknown_key_is_named_in_the_answer(self, database_url: str) -> None:
        """The recorded body echoes the key as sent."""
        with emulate(auth="strict") as emulation:
            answer = emulation.client("/braze", token="who-am-i").get("/catalogs")

        assert (answer.status_code, answer.text) == (401, '{"message":"Invalid API key: who-am-i"}')

    def test_a_key_without_the_permission_is_denied(self) -> None:
        """403 comes before the rate limit and the body."""
        with emulate(auth="strict") as emulation:
            client = register_key(emulation, emulation.client("/braze"), "catalogs.get")

            assert client.get("/catalogs").status_code == 200
            answer = client.post("/catalogs", content=b"{")

        assert (answer.status_code, answer.text) == (403, '{"message":"Access Denied"}')
        assert answer.headers["x-ratelimit-limit"] == "50"
