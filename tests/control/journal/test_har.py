"""The journal as HAR 1.2."""

import json
from typing import Any

import httpx
import pytest

from mockalog import __version__

SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}


class TestArchive:
    """`GET /_mockalog/requests/har`."""

    def test_the_archive_is_har_1_2(self, braze: httpx.Client, control: httpx.Client) -> None:
        """With all required members."""
        answer = braze.post("/catalogs?a=1&a=2&b=", json=SHOP)
        braze.get("/catalogs")

        log = control.get("/requests/har").json()["log"]

        assert log["version"] == "1.2"
        assert log["creator"] == {"name": "mockalog", "version": __version__}
        created, listed = log["entries"]
        assert created["startedDateTime"].endswith("Z")
        assert created["time"] == created["timings"]["wait"] > 0
        assert created["cache"] == {}
        assert set(created["timings"]) == {"send", "wait", "receive"}
        request, response = created["request"], created["response"]
        assert request["url"] == "http://mockalog.test/braze/catalogs?a=1&a=2&b="
        assert (request["method"], request["httpVersion"]) == ("POST", "HTTP/1.1")
        pairs = [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}]
        assert request["queryString"] == [*pairs, {"name": "b", "value": ""}]
        assert request["postData"]["mimeType"] == "application/json"
        assert json.loads(request["postData"]["text"]) == SHOP
        assert request["bodySize"] == len(request["postData"]["text"])
        assert {"name": "authorization", "value": "[redacted]"} in request["headers"]
        assert (response["status"], response["statusText"]) == (201, "Created")
        assert response["content"]["mimeType"].startswith("application/json")
        assert response["content"]["size"] == response["bodySize"] == len(answer.content)
        assert response["redirectURL"] == ""
        assert "postData" not in listed["request"]
        for side in (request, response):
            assert (side["cookies"], side["headersSize"]) == ([], -1)

    def test_a_cut_body_has_a_comment(self, braze: httpx.Client, control: httpx.Client) -> None:
        """Its size is that of the whole body."""
        braze.post("/catalogs", content=b"x" * 70_000)
        braze.post("/catalogs", content=b"x" * 65_536)

        entries = control.get("/requests/har").json()["log"]["entries"]

        cut, whole = (entry["request"] for entry in entries)
        assert (cut["bodySize"], len(cut["postData"]["text"])) == (70_000, 65_536)
        assert cut["postData"]["comment"] == "cut: the first 65536 bytes"
        assert (whole["bodySize"], "comment" in whole["postData"]) == (65_536, False)
        assert "comment" not in entries[0]["response"]["content"]

    def test_a_dropped_connection_has_status_0(
        self, braze: httpx.Client, control: httpx.Client
    ) -> None:
        """As browsers write it."""
        control.post("/faults", json={"vendor": "braze", "drop": True})
        with pytest.raises(httpx.RemoteProtocolError):
            braze.get("/catalogs")

        [entry] = control.get("/requests/har?vendor=braze").json()["log"]["entries"]

        response: dict[str, Any] = entry["response"]
        assert (response["status"], response["statusText"]) == (0, "")
        assert entry["_faults"][0]["phase"] == "before"
