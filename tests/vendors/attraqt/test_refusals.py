"""Errors before Attraqt's own rules.

Sources: docs/vendors/attraqt.md#12-error-body and docs/vendors/attraqt.md#23-permissions.
"""

from collections.abc import Iterator

import httpx
import pytest

from mockalog.kernel.errors import InternalError, UnstorableValueError
from mockalog.kernel.http.exchange import Exchange
from mockalog.vendors.attraqt.errors import envelope
from mockalog.vendors.attraqt.router import router
from tests.emulation import Emulation, emulate
from tests.vendors.attraqt.requests import error

EXCHANGE = Exchange(
    {"scheme": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
)


@pytest.fixture(scope="module")
def strict() -> Iterator[Emulation]:
    """An app that accepts registered credentials only."""
    with emulate(auth="strict") as emulation:
        yield emulation


def register(emulation: Emulation, *permissions: str) -> httpx.Client:
    """Return a client whose token has these permissions."""
    client = emulation.client("/attraqt", params={"tenant": "acme", "environment": "live1"})
    token = client.headers["Authorization"].removeprefix("Bearer ")
    emulation.server().credentials.add("attraqt", token, permissions=permissions)
    return client


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Basic YTpi", "abc"])
def test_a_missing_bearer_token_is_the_first_error(
    attraqt: httpx.Client, authorization: str
) -> None:
    """401 comes before query and body."""
    answer = attraqt.post(
        "/catalogs",
        params={"tenant": ""},
        content=b"{",
        headers={"Authorization": authorization},
    )

    assert answer.status_code == 401
    assert answer.json() == {
        "code": 16,
        "message": "UNAUTHENTICATED: The access token is missing, malformed or expired",
        "details": [],
    }


def test_two_tokens_are_an_invalid_argument(attraqt: httpx.Client) -> None:
    """Neither of them counts (inferred)."""
    attraqt.headers = httpx.Headers([("Authorization", "Bearer a"), ("Authorization", "Bearer b")])

    answer = attraqt.get("/catalogs")

    assert error(answer) == (400, 3, "INVALID_ARGUMENT")
    assert answer.json()["message"] == "INVALID_ARGUMENT: The header Authorization is repeated"


def test_an_unknown_token_is_refused_in_strict_mode(strict: Emulation) -> None:
    """It is not registered."""
    assert error(strict.client("/attraqt").get("/catalogs")) == (401, 16, "UNAUTHENTICATED")


@pytest.mark.parametrize(
    ("method", "path", "permission"),
    [
        ("GET", "/catalogs", "catalogs:READ"),
        ("GET", "/catalogs/active", "catalogs:READ"),
        ("POST", "/catalogs", "catalogs:WRITE"),
        ("POST", "/catalogs/activate/1", "catalogs:WRITE"),
        ("DELETE", "/catalogs/1", "catalogs:WRITE"),
        ("GET", "/item-schemas", "item-schemas:READ"),
        ("POST", "/item-schemas", "item-schemas:WRITE"),
        ("PUT", "/item-schemas/a", "item-schemas:WRITE"),
        ("GET", "/item-schemas/a/1", "item-schemas:READ"),
        ("DELETE", "/item-schemas/a/1", "item-schemas:WRITE"),
        ("GET", "/category-trees", "category-trees:READ"),
        ("POST", "/category-trees", "category-trees:WRITE"),
        ("PUT", "/category-trees/a", "category-trees:WRITE"),
        ("GET", "/category-trees/a/1", "category-trees:READ"),
        ("DELETE", "/category-trees/a/1", "category-trees:WRITE"),
        ("POST", "/items", "items:WRITE"),
        ("PATCH", "/items", "items:WRITE"),
        ("POST", "/items/delete", "items:WRITE"),
        ("POST", "/batch-imports", "batch-imports:WRITE"),
        ("GET", "/batch-imports", "batch-imports:READ"),
        ("POST", "/batch-imports/items", "batch-imports:WRITE"),
        ("PATCH", "/batch-imports/items", "batch-imports:WRITE"),
        ("POST", "/batch-imports/items/delete", "batch-imports:WRITE"),
        ("POST", "/batch-imports/ingestions", "batch-imports:WRITE"),
        ("GET", "/batch-imports/ingestions", "batch-imports:READ"),
        ("GET", "/batch-imports/ingestions/1", "batch-imports:READ"),
        ("DELETE", "/batch-imports/ingestions/1", "batch-imports:WRITE"),
        ("GET", "/locale", "locale:READ"),
        ("POST", "/locale/en_GB", "locale:WRITE"),
        ("DELETE", "/locale", "locale:WRITE"),
        ("GET", "/feedback/catalog-version", "feedback:READ"),
        ("GET", "/feedback/catalog-version/1/full/statistics", "feedback:READ"),
        ("GET", "/feedback/catalog-version/1/updates/statistics/summary/relative", "feedback:READ"),
        ("GET", "/feedback/catalog-version/1/updates/statistics/summary/absolute", "feedback:READ"),
        (
            "GET",
            "/feedback/catalog-version/1/updates/statistics/summary/SUCCESS/relative",
            "feedback:READ",
        ),
        (
            "GET",
            "/feedback/catalog-version/1/updates/statistics/summary/SUCCESS/absolute",
            "feedback:READ",
        ),
        (
            "GET",
            "/feedback/catalog-version/1/updates/statistics/details/SUCCESS/relative",
            "feedback:READ",
        ),
        (
            "GET",
            "/feedback/catalog-version/1/updates/statistics/details/SUCCESS/absolute",
            "feedback:READ",
        ),
        ("GET", "/feedback/catalog-version/1/updates/a", "feedback:READ"),
    ],
)
def test_each_call_needs_its_permission(
    strict: Emulation, method: str, path: str, permission: str
) -> None:
    """403 comes before the query and the body."""
    everything = {o.permission for o in router.operations if o.permission is not None}
    holder = register(strict, permission)
    others = register(strict, *everything - {permission})

    assert others.request(method, path, params={"tenant": ""}).status_code == 403
    assert error(others.request(method, path, content=b"{")) == (403, 7, "PERMISSION_DENIED")
    assert holder.request(method, path).status_code != 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/catalogs/1"),
        ("PUT", "/catalogs/1"),
        ("PATCH", "/catalogs"),
        ("DELETE", "/catalogs/active"),
        ("GET", "/items"),
        ("GET", "/items/A1"),
        ("GET", "/batch-imports/items"),
        ("GET", "/locale/en_GB"),
        ("GET", "/feedback/catalog-version/1"),
        ("POST", "/feedback/catalog-version"),
        ("GET", "/item-schemas/product"),
        ("OPTIONS", "/catalogs"),
        ("GET", "/auth/realms"),
        ("POST", "/authentication/realms/acme"),
    ],
)
def test_an_unknown_method_or_path_is_not_found(
    attraqt: httpx.Client, method: str, path: str
) -> None:
    """In Attraqt's shape; a single catalog can be neither read nor replaced.

    A path of a realm is answered as by OAuth: `test_realms.py` (amendment attraqt A3).
    """
    assert error(attraqt.request(method, path)) == (404, 5, "NOT_FOUND")


@pytest.mark.parametrize(
    "path",
    ["/catalogs", "/item-schemas", "/category-trees", "/items", "/batch-imports/ingestions"],
)
@pytest.mark.parametrize("content", [b"{", b"\xff", b'{"a": NaN}', b"[" * 5000, b"'"])
def test_a_body_that_is_no_json_is_invalid(
    attraqt: httpx.Client, path: str, content: bytes
) -> None:
    """Never a 422, never a `detail`."""
    assert error(attraqt.post(path, content=content)) == (400, 3, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    ("path", "category"),
    [
        ("/catalogs", "CATALOG_SCHEMAS"),
        ("/item-schemas", "ITEM_SCHEMA_NAME"),
        ("/category-trees", "CATEGORY_TREE_NAME"),
        ("/batch-imports/ingestions", "INVALID_ARGUMENT"),
    ],
)
@pytest.mark.parametrize("content", [b"", b"null", b"{}", b"[]", b"7", b'"text"', b"[{}]"])
def test_a_body_that_is_no_object_lacks_all_fields(
    attraqt: httpx.Client, path: str, category: str, content: bytes
) -> None:
    """The first missing field is named."""
    assert error(attraqt.post(path, content=content)) == (400, 3, category)


def test_a_body_beyond_every_limit_is_refused_unread(attraqt: httpx.Client) -> None:
    """Items too: the docs recommend less than 1 MB and enforce no limit."""
    for path in ("/catalogs", "/items", "/batch-imports/items"):
        answer = attraqt.post(path, content=b" " * (4 * 1024 * 1024 + 1))

        assert error(answer) == (400, 3, "INVALID_ARGUMENT")


def test_an_unstorable_value_is_an_invalid_argument() -> None:
    """The kernel's own error has Attraqt's shape too."""
    assert envelope(UnstorableValueError(), EXCHANGE)[:2] == (
        400,
        b'{"code":3,"message":"INVALID_ARGUMENT: The request is invalid","details":[]}',
    )


def test_an_internal_error_shows_no_details() -> None:
    """They are in the server's log."""
    assert envelope(InternalError(), EXCHANGE)[:2] == (
        500,
        b'{"code":13,"message":"INTERNAL: Internal error","details":[]}',
    )


def test_a_trailing_slash_works_without_a_redirect(attraqt: httpx.Client) -> None:
    """On every kind of path."""
    for path in ("/catalogs/", "/item-schemas/", "/category-trees/"):
        assert attraqt.get(path).status_code == 200


def test_head_is_get_without_a_body(attraqt: httpx.Client) -> None:
    """Same status, same length, no body."""
    answer = attraqt.head("/catalogs")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "15"


def test_only_the_version_header_is_added(attraqt: httpx.Client) -> None:
    """No source records a header besides type and length."""
    assert set(attraqt.get("/catalogs").headers) == {
        "content-length",
        "content-type",
        "x-mockalog",
    }


@pytest.mark.parametrize("host", ["attraqt.localhost", "items.attraqt.io", "iam.attraqt.io:443"])
def test_the_vendors_hosts_lead_here(emulation: Emulation, host: str) -> None:
    """Items and tokens have hosts of their own; the emulator serves both on each."""
    answer = emulation.client().get(
        "/catalogs", params={"tenant": "a", "environment": "b"}, headers={"Host": host}
    )

    assert answer.json() == {"catalogs": []}
