"""The rate limit and the permission of each operation.

Sources: docs/vendors/braze.md#1-endpoints, docs/vendors/braze.md#22-rate-limits and
docs/vendors/braze.md#23-authentication.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from mockalog.vendors import VENDORS
from tests.emulation import Emulation, emulate
from tests.vendors.braze.factories import make_catalog
from tests.vendors.braze.steering import advance, change_setting, freeze, register_key, set_setting

NOW = "2024-10-14T10:28:01.749Z"
NEXT_MINUTE = "1728901740"

LIMITS = {"sync-catalogs": 50, "sync-items": 50, "async-items": 16_000, "async-schema": 50}
# One hundredth, at least 1.
TINY = {"sync-catalogs": 1, "sync-items": 1, "async-items": 160, "async-schema": 1}


class Operation(NamedTuple):
    """One row of the endpoint map."""

    method: str
    path: str
    permission: str
    bucket: str


OPERATIONS = [
    Operation("POST", "/catalogs", "catalogs.create", "sync-catalogs"),
    Operation("GET", "/catalogs", "catalogs.get", "sync-catalogs"),
    Operation("DELETE", "/catalogs/c", "catalogs.delete", "sync-catalogs"),
    Operation("GET", "/catalogs/c/items", "catalogs.get_items", "sync-items"),
    Operation("GET", "/catalogs/c/items/i", "catalogs.get_item", "sync-items"),
    Operation("POST", "/catalogs/c/items/i", "catalogs.create_item", "sync-items"),
    Operation("PUT", "/catalogs/c/items/i", "catalogs.replace_item", "sync-items"),
    Operation("PATCH", "/catalogs/c/items/i", "catalogs.update_item", "sync-items"),
    Operation("DELETE", "/catalogs/c/items/i", "catalogs.delete_item", "sync-items"),
    Operation("POST", "/catalogs/c/items", "catalogs.add_items", "async-items"),
    Operation("PUT", "/catalogs/c/items", "catalogs.replace_items", "async-items"),
    Operation("PATCH", "/catalogs/c/items", "catalogs.update_items", "async-items"),
    Operation("DELETE", "/catalogs/c/items", "catalogs.delete_items", "async-items"),
    Operation("POST", "/catalogs/c/fields", "catalogs.create_fields", "async-schema"),
    Operation("DELETE", "/catalogs/c/fields/f", "catalogs.delete_fields", "async-schema"),
    Operation("POST", "/catalogs/c/selections", "catalogs.create_selection", "async-schema"),
    Operation("DELETE", "/catalogs/c/selections/s", "catalogs.delete_selection", "async-schema"),
]
IDS = [operation.permission for operation in OPERATIONS]
# An operation of each bucket, which answers 404 without a catalog.
OF_EACH = {operation.bucket: operation for operation in OPERATIONS}

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
each_bucket = pytest.mark.parametrize("bucket", LIMITS)


@pytest.fixture
def client(emulation: Emulation) -> httpx.Client:
    """A client without a catalog, with a stopped clock."""
    client = emulation.client("/braze")
    freeze(emulation, client, NOW)
    return client


@pytest.fixture(scope="module")
def strict() -> Iterator[Emulation]:
    """An app that accepts only registered keys."""
    with emulate(auth="strict") as emulation:
        yield emulation


def call(client: httpx.Client, operation: Operation, **options: Any) -> httpx.Response:
    """Send a call. Without a catalog it is refused, but it counts."""
    return client.request(operation.method, operation.path, json={}, **options)


def quota(answer: httpx.Response) -> tuple[str, ...]:
    """Return limit, remaining and reset."""
    return tuple(answer.headers[f"x-ratelimit-{name}"] for name in ("limit", "remaining", "reset"))


def test_the_endpoint_map_is_complete() -> None:
    """Seventeen operations, no more."""
    braze = next(vendor for vendor in VENDORS if vendor.name == "braze")

    assert [operation.permission for operation in braze.api.router.operations] == IDS
    assert len(IDS) == 17


class TestBuckets:
    """Four buckets, each with fixed windows aligned to the clock minute."""

    @each_operation
    def test_the_first_call_of_a_minute_leaves_one_less(
        self, client: httpx.Client, operation: Operation
    ) -> None:
        """The count includes this call, and the reset is the next full minute."""
        limit = LIMITS[operation.bucket]

        assert quota(call(client, operation)) == (str(limit), str(limit - 1), NEXT_MINUTE)

    def test_the_operations_of_a_bucket_share_it(self, client: httpx.Client) -> None:
        """Each call counts only against its own bucket."""
        used: Counter[str] = Counter()
        for operation in [*OPERATIONS, *reversed(OPERATIONS)]:
            used[operation.bucket] += 1
            remaining = LIMITS[operation.bucket] - used[operation.bucket]

            assert quota(call(client, operation))[1] == str(remaining), operation

    @each_bucket
    def test_the_calls_up_to_the_limit_are_served(
        self, emulation: Emulation, client: httpx.Client, bucket: str
    ) -> None:
        """The next one gets 429 with all three headers and `Retry-After`."""
        set_setting(emulation, client, "rate_limits", "tiny")
        operation, limit = OF_EACH[bucket], TINY[bucket]
        for number in range(limit):
            answer = call(client, operation)
            assert answer.status_code == 404
            assert quota(answer) == (str(limit), str(limit - number - 1), NEXT_MINUTE)

        refused = call(client, operation)

        assert (refused.status_code, refused.text) == (429, '{"message":"Rate limit exceeded"}')
        assert refused.headers["content-type"] == "application/json"
        assert quota(refused) == (str(limit), "0", NEXT_MINUTE)
        assert refused.headers["retry-after"] == "59"
        assert refused.headers["cache-control"] == "no-cache"
        assert "etag" not in refused.headers
        self.assert_only_this_bucket_is_used_up(client, bucket)

    def assert_only_this_bucket_is_used_up(self, client: httpx.Client, bucket: str) -> None:
        """Assert that the calls of this bucket are refused, and those of the others are not."""
        answers = {name: call(client, operation) for name, operation in OF_EACH.items()}
        refused = {name for name, answer in answers.items() if answer.status_code == 429}
        assert refused == {bucket}
        for operation in OPERATIONS:
            if operation.bucket == bucket:
                assert call(client, operation).status_code == 429, operation

    @each_bucket
    def test_the_window_is_the_clock_minute(
        self, emulation: Emulation, client: httpx.Client, bucket: str
    ) -> None:
        """It is not the minute since the first call."""
        operation, limit = OF_EACH[bucket], LIMITS[bucket]
        call(client, operation)
        advance(emulation, client, 58.25)
        assert quota(call(client, operation)) == (str(limit), str(limit - 2), NEXT_MINUTE)

        advance(emulation, client, 0.001)

        following = str(int(NEXT_MINUTE) + 60)
        assert quota(call(client, operation)) == (str(limit), str(limit - 1), following)

    def test_fifty_schema_calls_fit_into_a_minute(self, client: httpx.Client) -> None:
        """Fifty is Braze's own limit."""
        operation = OF_EACH["async-schema"]

        statuses = [call(client, operation).status_code for _ in range(51)]

        assert statuses == [404] * 50 + [429]

    def test_accepted_and_refused_calls_count_alike(self, client: httpx.Client) -> None:
        """The status does not matter."""
        make_catalog(client, "c", f="string")
        answers = [
            client.post("/catalogs/c/fields", json={"fields": [{"name": "g", "type": "time"}]}),
            client.post("/catalogs/c/fields", json={}),
            client.post("/catalogs/c/fields", content=b"{"),
            client.delete("/catalogs/none/fields/f"),
        ]

        assert [answer.status_code for answer in answers] == [202, 400, 400, 404]
        assert [quota(answer)[1] for answer in answers] == ["49", "48", "47", "46"]

    def test_unknown_and_unauthorized_calls_do_not_count(self, client: httpx.Client) -> None:
        """Its headers are empty."""
        unknown = client.get("/catalogs/c/fields")
        authenticate_unknown = client.get("/catalogs", headers={"Authorization": ""})

        assert (unknown.status_code, authenticate_unknown.status_code) == (404, 401)
        assert quota(unknown) == quota(authenticate_unknown) == ("", "", "")
        assert quota(client.get("/catalogs"))[1] == "49"

    def test_another_sandbox_has_buckets_of_its_own(
        self, emulation: Emulation, client: httpx.Client
    ) -> None:
        """Limits are per workspace."""
        other = emulation.client("/braze")
        call(client, OF_EACH["async-schema"])

        assert quota(call(other, OF_EACH["async-schema"]))[1] == "49"


class TestModes:
    """`rate_limits`: vendor, tiny or off."""

    @each_bucket
    def test_tiny_is_a_hundredth_and_at_least_one(
        self, emulation: Emulation, client: httpx.Client, bucket: str
    ) -> None:
        """The header has the limit."""
        set_setting(emulation, client, "rate_limits", "tiny")

        limit = TINY[bucket]
        assert quota(call(client, OF_EACH[bucket]))[:2] == (str(limit), str(limit - 1))

    def test_off_never_refuses(self, emulation: Emulation, client: httpx.Client) -> None:
        """The headers keep Braze's numbers."""
        set_setting(emulation, client, "rate_limits", "off")

        answers = [call(client, OF_EACH["sync-items"]) for _ in range(52)]

        assert {answer.status_code for answer in answers} == {404}
        assert [quota(answer)[1] for answer in answers[48:]] == ["1", "0", "0", "0"]

    @each_bucket
    def test_off_allows_calls_beyond_the_limit(
        self, emulation: Emulation, client: httpx.Client, bucket: str
    ) -> None:
        """Within the same minute; the earlier calls have counted."""
        set_setting(emulation, client, "rate_limits", "tiny")
        for _ in range(2):
            call(client, OF_EACH[bucket])

        set_setting(emulation, client, "rate_limits", "off")

        answer = call(client, OF_EACH[bucket])
        assert answer.status_code == 404
        assert quota(answer)[:2] == (str(LIMITS[bucket]), str(LIMITS[bucket] - 3))

    def test_an_invalid_mode_is_refused(self, emulation: Emulation, client: httpx.Client) -> None:
        """The response is a problem document."""
        answer = change_setting(emulation, client, "rate_limits", "some")

        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"


class TestPermissions:
    """In strict mode each operation needs its own permission."""

    @each_operation
    def test_all_other_permissions_are_not_enough(
        self, strict: Emulation, operation: Operation
    ) -> None:
        """403 comes before the body. The headers show the limit, and the call does not count."""
        client = register_key(
            strict, strict.client("/braze"), *(name for name in IDS if name != operation.permission)
        )

        answer = client.request(operation.method, operation.path, content=b"{")

        assert (answer.status_code, answer.text) == (403, '{"message":"Access Denied"}')
        limit = str(LIMITS[operation.bucket])
        assert quota(answer)[:2] == (limit, limit)

    @each_operation
    def test_its_own_is_enough(self, strict: Emulation, operation: Operation) -> None:
        """No other operation is allowed."""
        client = register_key(strict, strict.client("/braze"), operation.permission)

        served = {o.permission for o in OPERATIONS if call(client, o).status_code != 403}

        assert served == {operation.permission}
