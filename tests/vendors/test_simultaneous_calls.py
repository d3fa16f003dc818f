"""Fifty calls at once: on every database the allowed number succeeds.

The others get the vendor's own error, as fifty calls in turn do.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, NamedTuple

import httpx
import pytest

from tests.emulation import Emulation, emulate
from tests.vendors.attraqt.factories import OF_PRODUCT, PRODUCT, SHOP
from tests.vendors.attraqt.factories import make_catalog as make_attraqt_catalog
from tests.vendors.braze.factories import make_catalog
from tests.vendors.squared.factories import (
    DESTINATION,
    POSTGRESQL,
    account_body,
    make_account,
    make_connector,
    make_sync,
    make_sync_parts,
)
from tests.vendors.squared.requests import CONNECTORS, SCHEDULE_SYNCS

WRITERS = 50

# Servers on one database; two of them are as two worker processes are.
Servers = Sequence[Emulation]

CATALOG = {"catalogs": [{"name": "new", "fields": [{"name": "id", "type": "string"}]}]}


class Rule(NamedTuple):
    """A limit: its vendor, the calls before, the call of a writer, and the number of successes."""

    vendor: str
    prepare: Callable[[Emulation, httpx.Client], object]
    call: Callable[[int], tuple[str, str, Any]]
    allowed: int
    refusal: int = 400


def nothing(emulation: Emulation, client: httpx.Client) -> None:
    """Prepare no record."""


def a_shop(emulation: Emulation, client: httpx.Client) -> None:
    """Create a Braze catalog."""
    make_catalog(client, "shop", n="number")


def selection(name: str) -> dict[str, Any]:
    """Return the body that creates a selection."""
    return {"selection": {"name": name, "filters": []}}


def fields(*names: str) -> dict[str, Any]:
    """Return the body that creates fields."""
    return {"fields": [{"name": name, "type": "string"} for name in names]}


def a_selection(emulation: Emulation, client: httpx.Client) -> None:
    """Create a selection."""
    a_shop(emulation, client)
    client.post("/catalogs/shop/selections", json=selection("one")).raise_for_status()


def a_small_storage(emulation: Emulation, client: httpx.Client) -> None:
    """Limit the storage to ten items of twenty bytes."""
    a_shop(emulation, client)
    emulation.sandbox(client).settings["braze.storage_limit"] = 200


def an_attraqt_schema(emulation: Emulation, client: httpx.Client) -> None:
    """Create an item schema."""
    client.post("/item-schemas", json=PRODUCT).raise_for_status()


def two_attraqt_catalogs(emulation: Emulation, client: httpx.Client) -> None:
    """Create two catalogs whose activation takes a minute."""
    emulation.sandbox(client).settings["attraqt.activation_delay"] = 60
    make_attraqt_catalog(client)
    make_attraqt_catalog(client)


def an_account(emulation: Emulation, client: httpx.Client) -> None:
    """Sign up."""
    make_account(client, "mia@x.io")


def a_sync(emulation: Emulation, client: httpx.Client) -> None:
    """Create a sync whose runs take a minute for each step."""
    make_sync_parts(emulation, client)
    make_sync(client)
    emulation.sandbox(client).settings["squared.sync_delay"] = 60


def a_source(emulation: Emulation, client: httpx.Client) -> None:
    """Create a connector that can be discovered."""
    make_connector(client, **POSTGRESQL)


SELECTIONS, FIELDS, ITEMS = (f"/catalogs/shop/{kind}" for kind in ("selections", "fields", "items"))

RULES = {
    "catalogs of one name": Rule("braze", nothing, lambda _: ("POST", "/catalogs", CATALOG), 1),
    "thirty selections": Rule(
        "braze", a_shop, lambda n: ("POST", SELECTIONS, selection(f"s{n}")), 30
    ),
    "selections of one name": Rule(
        "braze", a_shop, lambda _: ("POST", SELECTIONS, selection("one")), 1
    ),
    "deletions of a selection": Rule(
        "braze", a_selection, lambda _: ("DELETE", f"{SELECTIONS}/one", None), 1, 404
    ),
    "fields of one name": Rule("braze", a_shop, lambda _: ("POST", FIELDS, fields("one")), 1),
    "five hundred fields": Rule(
        "braze",
        a_shop,
        lambda n: ("POST", FIELDS, fields(*(f"f{n}_{more}" for more in range(20)))),
        24,
    ),
    "deletions of a field": Rule(
        "braze", a_shop, lambda _: ("DELETE", f"{FIELDS}/n", None), 1, 404
    ),
    "items of one id": Rule(
        "braze", a_shop, lambda _: ("POST", f"{ITEMS}/one", {"items": [{"n": 1}]}), 1
    ),
    "deletions of a catalog": Rule(
        "braze", a_shop, lambda _: ("DELETE", "/catalogs/shop", None), 1, 404
    ),
    "a full storage": Rule(
        "braze", a_small_storage, lambda n: ("PUT", ITEMS, {"items": [{"id": f"{n:02}"}]}), 10
    ),
    "two catalogs": Rule(
        "attraqt", an_attraqt_schema, lambda _: ("POST", "/catalogs", OF_PRODUCT), 2
    ),
    "one activation": Rule(
        "attraqt",
        two_attraqt_catalogs,
        lambda n: ("POST", f"/catalogs/activate/{n % 2 + 1}", None),
        1,
    ),
    "schemas of one name": Rule(
        "attraqt", nothing, lambda _: ("POST", "/item-schemas", PRODUCT), 1
    ),
    "trees of one name": Rule("attraqt", nothing, lambda _: ("POST", "/category-trees", SHOP), 1),
    "deletions of an Attraqt catalog": Rule(
        "attraqt", two_attraqt_catalogs, lambda _: ("DELETE", "/catalogs/1", None), 1, 404
    ),
    "accounts of one email": Rule(
        "squared", nothing, lambda _: ("POST", "/api/v1/signup", account_body("mia@x.io")), 1, 422
    ),
    "connectors of one name": Rule(
        "squared", nothing, lambda _: ("POST", CONNECTORS, {"connector": DESTINATION}), 1, 422
    ),
    "one run of a sync": Rule(
        "squared",
        a_sync,
        lambda _: ("POST", SCHEDULE_SYNCS, {"schedule_sync": {"sync_id": 1}}),
        1,
        424,
    ),
    "deletions of a connector": Rule(
        "squared", a_source, lambda _: ("DELETE", f"{CONNECTORS}/1", None), 1, 404
    ),
}


@pytest.fixture(scope="module", params=["memory", "file", "postgresql"])
def servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Servers]:
    """One server on each kind of SQLite database, and two on a PostgreSQL database."""
    url = "sqlite://"
    if request.param == "file":
        url = f"sqlite:///{tmp_path_factory.mktemp('simultaneous')}/a.db"
    elif request.param == "postgresql":
        url = request.getfixturevalue("new_postgres_url")()
    number = 2 if request.param == "postgresql" else 1
    with ExitStack() as stack:
        yield [stack.enter_context(emulate(database_url=url, migrate=True)) for _ in range(number)]


def client_of(servers: Servers, rule: Rule) -> httpx.Client:
    """Return a client in a sandbox of its own, with the rule's records."""
    tenancy = {"tenant": "acme", "environment": "live1"} if rule.vendor == "attraqt" else {}
    client = servers[0].client(f"/{rule.vendor}", params=tenancy)
    servers[0].sandbox(client).settings["rate_limits"] = "off"
    rule.prepare(servers[0], client)
    return client


def sent_at_once(
    servers: Servers, client: httpx.Client, calls: Sequence[Any]
) -> list[httpx.Response]:
    """Send calls at once, to the servers in turn."""
    requests = [client.build_request(method, path, json=body) for method, path, body in calls]
    shares = [requests[number :: len(servers)] for number in range(len(servers))]
    with ThreadPoolExecutor(len(servers)) as pool:
        answers = pool.map(lambda server, share: server.at_once(client, share), servers, shares)
        return [answer for some in answers for answer in some]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_the_allowed_number_succeeds(servers: Servers, rule: Rule) -> None:
    """The others are refused."""
    client = client_of(servers, rule)

    answers = sent_at_once(servers, client, [rule.call(n) for n in range(WRITERS)])

    counted = Counter("done" if a.is_success else a.status_code for a in answers)
    assert counted == {"done": rule.allowed, rule.refusal: WRITERS - rule.allowed}


def test_a_discovery_is_stored_once(servers: Servers) -> None:
    """All calls return the same catalog."""
    client = client_of(servers, Rule("squared", a_source, lambda _: ("", "", None), 0))
    calls = [("GET", f"{CONNECTORS}/1/discover", None)] * WRITERS

    answers = sent_at_once(servers, client, calls)

    assert {(a.status_code, a.json()["data"]["id"]) for a in answers} == {(200, "1")}


@pytest.mark.parametrize(
    ("kind", "path", "key", "refusal"),
    [
        ("reset_password", "/api/v1/reset_password", "reset_password_token", 422),
        ("confirmation", "/api/v1/verify_user", "confirmation_token", 422),
    ],
)
def test_a_mailed_token_is_used_once(
    servers: Servers, kind: str, path: str, key: str, refusal: int
) -> None:
    """It allows one new password, and one confirmation."""
    client = client_of(servers, Rule("squared", nothing, lambda _: ("", "", None), 0))
    sandbox = servers[0].sandbox(client)
    sandbox.settings["squared.email_verification"] = True
    make_account(client, "mia@x.io")
    client.post("/api/v1/forgot_password", json={"email": "mia@x.io"}).raise_for_status()
    token = next(mail["token"] for mail in sandbox.squared.mails() if mail["kind"] == kind)
    new = {"password": "Another1!", "password_confirmation": "Another1!"}
    method = "GET" if kind == "confirmation" else "POST"
    body = None if kind == "confirmation" else {key: token, **new}
    path = f"{path}?{key}={token}" if kind == "confirmation" else path

    answers = sent_at_once(servers, client, [(method, path, body)] * WRITERS)

    counted = Counter("done" if a.is_success else a.status_code for a in answers)
    assert counted == {"done": 1, refusal: WRITERS - 1}
