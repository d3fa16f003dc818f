"""Unmatched requests: the reason, and the closest operations."""

import pytest

from tests.emulation import Emulation, emulate

LOST: list[tuple[str, str, str, str | None, str, str]] = [
    # method, path, reason, vendor, nearest operation, what the detail says
    ("PUT", "/braze/catalogs", "wrong_method", "braze", "create_catalog", "takes GET, POST"),
    (
        "GET",
        "/braze/catalog",
        "unknown_path",
        "braze",
        "list_catalogs",
        "braze does not have this path",
    ),
    (
        "PATCH",
        "/braze/catalogs/shop/item/one",
        "unknown_path",
        "braze",
        "update_item",
        "does not have this path",
    ),
    ("GET", "/braze/braze/catalogs", "wrong_prefix", "braze", "list_catalogs", "leave out /braze"),
    ("GET", "/attraqt/api/v1/connectors", "wrong_vendor", "attraqt", "", "a path of squared"),
    ("GET", "/brace/catalogs", "unknown_vendor", None, "list_catalogs", "use braze"),
    ("GET", "/item-schemas", "unknown_vendor", None, "list_item_schemas", "attraqt has this path"),
    ("GET", "/", "unknown_vendor", None, "", "names a vendor"),
    ("HEAD", "/squared/api/v1/nope.json", "unknown_path", "squared", "", "does not have this path"),
]


class TestUnmatched:
    """`GET /_mockalog/requests/unmatched`."""

    @pytest.mark.parametrize(
        ("method", "path", "reason", "vendor", "nearest", "detail"),
        LOST,
        ids=[f"{row[0]} {row[1]}" for row in LOST],
    )
    def test_an_unmatched_request_has_a_reason_and_closest_operations(
        self,
        emulation: Emulation,
        method: str,
        path: str,
        reason: str,
        vendor: str | None,
        nearest: str,
        detail: str,
    ) -> None:
        """It is in the journal of the caller's sandbox."""
        client = emulation.client()
        client.request(method, path)

        [lost] = emulation.control(client).get("/requests/unmatched").json()["requests"]

        assert (lost["method"], lost["path"], lost["vendor"]) == (method, path, vendor)
        assert lost["reason"] == reason
        assert detail in lost["detail"]
        found = [operation["operation"] for operation in lost["nearest"]]
        assert len(found) == 3
        assert nearest in ("", found[0])
        similarities = [operation["similarity"] for operation in lost["nearest"]]
        assert similarities == sorted(similarities, reverse=True)

    def test_a_request_refused_unread_has_its_own_reason(self, emulation: Emulation) -> None:
        """Its path may be right."""
        client = emulation.client("/attraqt")
        client.post("/item-schemas", content=b" " * (16 * 2**20))

        lost = emulation.control().get("/requests/unmatched?limit=1").json()["requests"]

        assert [exchange["reason"] for exchange in lost] == ["unread"]

    def test_a_request_without_credential_and_name_has_no_sandbox(self) -> None:
        """Only the whole server's journal has it. A name is enough for a sandbox."""
        with emulate() as emulation:
            client = emulation.client("/braze", token="")
            client.get("/nope")
            client.get("/nope", headers={"X-Mockalog-Sandbox": "mine"})

            mine = emulation.control(headers={"X-Mockalog-Sandbox": "mine"})
            assert len(mine.get("/requests/unmatched").json()["requests"]) == 1
            assert len(emulation.control().get("/requests/unmatched").json()["requests"]) == 2

    @pytest.mark.parametrize("path", ["/nowhere", "/braze/nowhere"])
    def test_an_unstorable_name_has_no_sandbox(self, emulation: Emulation, path: str) -> None:
        """The answer is the same 404."""
        client = emulation.client()

        assert client.get(path, headers={"X-Mockalog-Sandbox": "a\0"}).status_code == 404

    @pytest.mark.parametrize("path", ["/braze/s3cr%25t/catalogs", "/s3cr%25t/catalogs"])
    def test_the_detail_has_no_secret(self, emulation: Emulation, path: str) -> None:
        """A client may put its credential into the path."""
        client = emulation.client(token="s3cr%t")
        client.get(path)

        answer = emulation.control(client).get("/requests/unmatched?limit=1")

        [lost] = answer.json()["requests"]
        assert "s3cr" not in answer.text
        assert lost["path"] == path.replace("s3cr%25t", "[redacted]")
        assert lost["reason"] == ("wrong_prefix" if "braze" in path else "unknown_vendor")
        assert lost["detail"].endswith("leave out /[redacted]") == ("braze" in path)
