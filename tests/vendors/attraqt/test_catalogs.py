"""Creating, listing and deleting catalogs over HTTP.

Sources: docs/vendors/attraqt.md#31-structure to docs/vendors/attraqt.md#33-endpoints.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.attraqt.factories import (
    OF_PRODUCT,
    make_active_catalog,
    make_catalog,
    make_category_tree,
    make_item_schema,
)
from tests.vendors.attraqt.requests import error, states
from tests.vendors.attraqt.steering import delay_activation, freeze


class TestCreate:
    """`POST /catalogs`."""

    def test_the_answer_to_a_creation_is_the_version(self, attraqt: httpx.Client) -> None:
        """The recorded object, not the documented bare number."""
        make_item_schema(attraqt)

        answer = attraqt.post("/catalogs", json=OF_PRODUCT)

        assert (answer.status_code, answer.text) == (200, '{"version":1}')
        assert answer.headers["content-type"] == "application/json"

    def test_a_new_catalog_has_every_field_in_the_recorded_order(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """It is INACTIVE and both its instants are the same."""
        freeze(emulation, attraqt, "2025-03-01T09:15:27.104552+00:00")
        make_item_schema(attraqt)
        make_category_tree(attraqt)

        make_catalog(
            attraqt, name="Läden 🏪\x00", catalogCategoryTrees=[{"name": "shop", "version": 1}]
        )

        assert attraqt.get("/catalogs").text == (
            '{"catalogs":[{"tenant":"acme","environment":"live1","version":1,'
            '"name":"Läden 🏪\\u0000","state":"INACTIVE",'
            '"catalogItemSchemas":[{"name":"product","version":1}],'
            '"catalogCategoryTrees":[{"name":"shop","version":1}],'
            '"createdAt":"2025-03-01T09:15:27.104552Z",'
            '"updatedAt":"2025-03-01T09:15:27.104552Z"}]}'
        )

    def test_state_and_version_of_the_body_are_ignored(self, attraqt: httpx.Client) -> None:
        """New catalogs are always INACTIVE."""
        make_catalog(attraqt, state="ACTIVE", version=7, name=None, catalogCategoryTrees=None)

        catalog = attraqt.get("/catalogs").json()["catalogs"][0]

        assert (catalog["state"], catalog["version"], catalog["name"]) == ("INACTIVE", 1, "")
        assert catalog["catalogCategoryTrees"] == []

    def test_a_version_may_be_a_numeric_string(self, attraqt: httpx.Client) -> None:
        """It is shown as a number (inferred from gRPC transcoding)."""
        make_catalog(attraqt, catalogItemSchemas=[{"name": "product", "version": "1"}])

        shown = attraqt.get("/catalogs").json()["catalogs"][0]["catalogItemSchemas"]

        assert shown == [{"name": "product", "version": 1}]

    @pytest.mark.parametrize("extra", ["createBatchImport", "catalog", "size", "fhrValidation"])
    def test_other_query_keys_are_ignored(self, attraqt: httpx.Client, extra: str) -> None:
        """With `createBatchImport` the answer is the same."""
        make_item_schema(attraqt)

        answer = attraqt.post("/catalogs", json=OF_PRODUCT, params={extra: "true"})

        assert (answer.status_code, answer.json()) == (200, {"version": 1})

    def test_the_third_catalog_is_refused_in_every_state(self, attraqt: httpx.Client) -> None:
        """The body is the one of docs/vendors/attraqt.md#12-error-body."""
        make_active_catalog(attraqt)
        make_catalog(attraqt)

        answer = attraqt.post("/catalogs", json=OF_PRODUCT)

        assert (answer.status_code, answer.json()) == (
            400,
            {
                "code": 3,
                "message": "CATALOG_LIMIT_REACHED: The limit of 2 catalogs is reached",
                "details": [],
            },
        )

    @pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"name": 7}'])
    def test_the_limit_comes_before_the_fields(self, attraqt: httpx.Client, content: bytes) -> None:
        """The order of the seed's list."""
        make_catalog(attraqt)
        make_catalog(attraqt)

        answer = attraqt.post("/catalogs", content=content)

        assert error(answer) == (400, 3, "CATALOG_LIMIT_REACHED")

    @pytest.mark.parametrize("content", [b"{", b"name=a", b'{"a": NaN}', b"\xff", b"{} {}"])
    def test_bad_json_comes_before_the_limit(self, attraqt: httpx.Client, content: bytes) -> None:
        """So that it is not hidden (amendment attraqt A13)."""
        make_catalog(attraqt)
        make_catalog(attraqt)

        answer = attraqt.post("/catalogs", content=content)

        assert error(answer) == (400, 3, "INVALID_ARGUMENT")

    def test_the_numbers_of_deleted_catalogs_are_not_used_again(
        self, attraqt: httpx.Client
    ) -> None:
        """Neither a gap nor the highest one."""
        make_catalog(attraqt)
        make_catalog(attraqt)
        attraqt.delete("/catalogs/2")

        assert make_catalog(attraqt) == 3

    def test_a_refusal_uses_no_number(self, attraqt: httpx.Client) -> None:
        """Numbers grow by one."""
        attraqt.post("/catalogs", json={})

        assert make_catalog(attraqt) == 1

    @pytest.mark.parametrize(
        ("category", "changes"),
        [
            ("CATALOG_SCHEMAS", {"catalogItemSchemas": [{"name": "nope", "version": 1}]}),
            ("CATALOG_SCHEMAS", {"catalogItemSchemas": [{"name": "product", "version": 2}]}),
            ("CATALOG_SCHEMAS", {"catalogItemSchemas": [{"name": "shop", "version": 1}]}),
            ("CATALOG_SCHEMAS", {"catalogItemSchemas": [{"name": "a\x00", "version": 1}]}),
            ("CATALOG_SCHEMAS", {"catalogItemSchemas": []}),
            (
                "CATALOG_CATEGORY_TREES",
                {"catalogCategoryTrees": [{"name": "product", "version": 1}]},
            ),
            ("CATALOG_CATEGORY_TREES", {"catalogCategoryTrees": {}}),
            ("CATALOG_TENANT_ENV", {"tenant": "other"}),
            ("CATALOG_TENANT_ENV", {"environment": "other"}),
        ],
    )
    def test_a_reference_to_an_unknown_version_is_refused(
        self, attraqt: httpx.Client, category: str, changes: dict[str, Any]
    ) -> None:
        """No catalog is stored."""
        make_item_schema(attraqt)
        make_category_tree(attraqt)

        answer = attraqt.post("/catalogs", json={**OF_PRODUCT, **changes})

        assert error(answer) == (400, 3, category)
        assert states(attraqt) == {}

    def test_the_bodys_own_tenancy_may_repeat_the_querys(self, attraqt: httpx.Client) -> None:
        """An empty text is ignored."""
        assert make_catalog(attraqt, tenant="acme", environment="") == 1


class TestList:
    """`GET /catalogs`."""

    def test_no_catalogs_are_an_empty_list_under_the_key(self, attraqt: httpx.Client) -> None:
        """An object, never a bare array."""
        answer = attraqt.get("/catalogs")

        assert (answer.status_code, answer.text) == (200, '{"catalogs":[]}')

    def test_the_newest_comes_first(self, attraqt: httpx.Client) -> None:
        """As recorded."""
        make_catalog(attraqt)
        make_catalog(attraqt)

        assert list(states(attraqt)) == [2, 1]


class TestDelete:
    """`DELETE /catalogs/{version}`."""

    def test_an_inactive_catalog_is_deleted(self, attraqt: httpx.Client) -> None:
        """The answer is empty, and its slot is free."""
        version = make_catalog(attraqt)

        answer = attraqt.delete(f"/catalogs/{version}")

        assert (answer.status_code, answer.text) == (200, "{}")
        assert states(attraqt) == {}

    def test_an_active_catalog_is_not_deleted(self, attraqt: httpx.Client) -> None:
        """Only an INACTIVE one can be deleted."""
        version = make_active_catalog(attraqt)

        answer = attraqt.delete(f"/catalogs/{version}")

        assert error(answer) == (400, 9, "CATALOG_DELETION_ACTIVE")
        assert states(attraqt) == {version: "ACTIVE"}

    def test_an_activating_catalog_is_not_deleted(
        self, emulation: Emulation, attraqt: httpx.Client
    ) -> None:
        """It counts as active."""
        delay_activation(emulation, attraqt, 60)
        version = make_active_catalog(attraqt)

        answer = attraqt.delete(f"/catalogs/{version}")

        assert error(answer) == (400, 9, "CATALOG_DELETION_ACTIVE")
        assert states(attraqt) == {version: "ACTIVATING"}

    @pytest.mark.parametrize(
        "version", ["2", "0", "-1", "1.0", "one", "%00", "1%00", "²", "9223372036854775808"]
    )
    def test_an_unknown_version_is_not_found(self, attraqt: httpx.Client, version: str) -> None:
        """A malformed one neither."""
        make_catalog(attraqt)

        answer = attraqt.delete(f"/catalogs/{version}")

        assert error(answer) == (404, 5, "CATALOG_NOT_FOUND")
        assert states(attraqt) == {1: "INACTIVE"}

    def test_a_content_type_without_a_body_is_ignored(self, attraqt: httpx.Client) -> None:
        """Clients send it (verified on the wire)."""
        version = make_catalog(attraqt)

        answer = attraqt.delete(
            f"/catalogs/{version}/", headers={"Content-Type": "application/json"}
        )

        assert answer.status_code == 200
