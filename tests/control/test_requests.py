"""The journal: waiting for requests, why one meant nothing, and the export as HAR."""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockalog import __version__
from tests.emulation import HOST, Emulation, emulate

SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}


@pytest.fixture
def control(emulation: Emulation, braze: httpx.Client) -> httpx.Client:
    """The control plane of the Braze client's sandbox."""
    return emulation.control(braze)


@pytest.fixture(scope="module")
def strict() -> Iterator[Emulation]:
    """A server that takes registered credentials only."""
    with emulate(auth="strict") as emulation:
        yield emulation


class TestFilters:
    """Which exchanges are meant; no typo may count as none."""

    @pytest.mark.parametrize(
        ("path", "count"),
        [
            ("/catalogs", 1),
            ("/catalogs/", 1),
            ("/catalogs/*", 2),
            ("/catalogs/*/items", 1),
            ("/catalogs/[ab]/items", 1),
            ("/braze/catalogs*", 3),
            ("/catalogs/[", 1),
            ("/catalog?/c", 0),
        ],
    )
    def test_a_path_is_one_or_a_glob(
        self, braze: httpx.Client, control: httpx.Client, path: str, count: int
    ) -> None:
        """As a fault's; as it was sent, or as the vendor's API has it."""
        for asked in ("/catalogs", "/catalogs/a/items", "/catalogs/["):
            braze.get(asked)

        assert control.get("/requests/count", params={"path": path}).json() == {"count": count}

    def test_what_is_answered_before_all_operations_has_a_name_too(
        self, emulation: Emulation, squared: httpx.Client
    ) -> None:
        """Squared's look at the health, and a browser's preflight."""
        squared.get("/up")

        found = emulation.control().get("/requests?operation=get_health&limit=1").json()
        assert [one["path"] for one in found["requests"]] == ["/squared/up"]
        assert emulation.control(squared).get("/requests?operation=preflight").is_success

    @pytest.mark.parametrize(
        ("wanted", "detail"),
        [
            ("vendor=bruze", "there is no vendor 'bruze'; there is: braze"),
            ("operation=create_itmes", "there is no operation 'create_itmes'; there is: create_i"),
            ("vendor=braze&operation=login", "there is no braze operation 'login'"),
            ("operation=", "there is no operation ''; there is: activate_catalog, "),
        ],
    )
    def test_an_unknown_name_is_refused(
        self, control: httpx.Client, wanted: str, detail: str
    ) -> None:
        """At once, also by who would wait for it."""
        for call in ("", "/count", "/wait", "/unmatched", "/har"):
            refused = control.get(f"/requests{call}?{wanted}")

            assert refused.status_code == 400
            assert detail in refused.json()["detail"]

    def test_of_many_names_fifty_are_told(self, control: httpx.Client) -> None:
        """Where none comes near."""
        refused = control.get("/requests?operation=qqqq").json()["detail"]

        assert re.search(r"there is: (\w+, ){49}\w+ and \d\d more$", refused)


class TestWaiting:
    """`GET /_mockalog/requests/wait`."""

    def test_what_is_there_already_is_answered_at_once(
        self, braze: httpx.Client, control: httpx.Client
    ) -> None:
        """Filters and `limit` as everywhere."""
        for _ in range(3):
            braze.get("/catalogs")
        wanted = "count=2&timeout=0&operation=list_catalogs&limit=1"

        found = control.get(f"/requests/wait?{wanted}").json()["requests"]

        assert [exchange["operation"] for exchange in found] == ["list_catalogs"]

    def test_what_was_seen_before_does_not_count(
        self, braze: httpx.Client, control: httpx.Client
    ) -> None:
        """`after` takes the last id that was seen of each process."""
        for _ in range(3):
            braze.get("/catalogs")
        ids = [one["id"] for one in control.get("/requests").json()["requests"]]
        elsewhere = 12345 << 30  # of a process that is no longer

        def left(*after: int) -> list[int]:
            found = control.get("/requests/wait", params={"after": after, "timeout": 0})
            return [one["id"] for one in found.json().get("requests", ())]

        assert left() == left(elsewhere) == ids
        assert left(elsewhere, ids[0]) == ids[1:]
        assert left(ids[2]) == []
        assert control.get("/requests?after=soon").status_code == 400

    def test_without_a_sandbox_it_is_about_the_whole_server(
        self, emulation: Emulation, braze: httpx.Client
    ) -> None:
        """Whoever calls."""
        braze.get("/catalogs")

        found = emulation.control().get("/requests/wait?timeout=0&limit=1").json()["requests"]

        assert [exchange["path"] for exchange in found] == ["/braze/catalogs"]

    def test_too_few_in_time_are_a_problem(
        self, braze: httpx.Client, control: httpx.Client
    ) -> None:
        """It says how many came."""
        braze.get("/catalogs")

        answer = control.get("/requests/wait", params={"count": 2, "timeout": 0.01})

        assert answer.status_code == 408
        assert answer.json()["detail"] == "1 of 2 requests came within 0.01 s"

    def test_it_answers_as_soon_as_the_last_one_comes(
        self, emulation: Emulation, braze: httpx.Client
    ) -> None:
        """Others do not end the wait."""
        authorization = {"Authorization": braze.headers["Authorization"]}
        wait = f"{HOST}/_mockalog/requests/wait?count=2&timeout=30&status=201"
        create = f"{HOST}/braze/catalogs"

        async def scene() -> httpx.Response:
            transport = httpx.ASGITransport(emulation._app)
            async with httpx.AsyncClient(transport=transport, headers=authorization) as client:
                waiting = [asyncio.create_task(client.get(wait)) for _ in range(2)]
                for name in ("one", "one", "two"):
                    while emulation.runtime.journal._waiting is None:  # noqa: ASYNC110
                        await asyncio.sleep(0)
                    assert not any(task.done() for task in waiting)
                    fields = [{"name": "id", "type": "string"}]
                    body = {"catalogs": [{"name": name, "fields": fields}]}
                    await client.post(create, json=body)
                    await client.get(create)
                answers = await asyncio.gather(*waiting)
                return answers[0]

        answer: httpx.Response = emulation.run(scene)

        assert len(answer.json()["requests"]) == 2

    def test_it_goes_on_in_a_sandbox_that_is_reset_meanwhile(
        self, emulation: Emulation, braze: httpx.Client
    ) -> None:
        """What comes after the reset counts; what came before is gone."""
        authorization = {"Authorization": braze.headers["Authorization"]}

        async def scene() -> httpx.Response:
            transport = httpx.ASGITransport(emulation._app)
            async with httpx.AsyncClient(transport=transport, headers=authorization) as client:
                wait = f"{HOST}/_mockalog/requests/wait?count=2&timeout=30"
                waiting = asyncio.create_task(client.get(wait))
                await client.get(f"{HOST}/braze/catalogs")
                while emulation.runtime.journal._waiting is None:  # noqa: ASYNC110
                    await asyncio.sleep(0)
                await client.post(f"{HOST}/_mockalog/reset")
                for _ in range(2):
                    await client.get(f"{HOST}/braze/catalogs")
                return await waiting

        answer: httpx.Response = emulation.run(scene)

        assert len(answer.json()["requests"]) == 2

    @pytest.mark.parametrize("query", ["count=0", "timeout=61", "timeout=nan", "cuont=1"])
    def test_no_endless_wait(self, control: httpx.Client, query: str) -> None:
        """Bounded, and without typos."""
        assert control.get(f"/requests/wait?{query}").status_code == 400


LOST: list[tuple[str, str, str, str | None, str, str]] = [
    # method, path, reason, vendor, nearest operation, what the detail says
    ("PUT", "/braze/catalogs", "wrong_method", "braze", "create_catalog", "takes GET, POST"),
    ("GET", "/braze/catalog", "unknown_path", "braze", "list_catalogs", "braze has no such path"),
    (
        "PATCH",
        "/braze/catalogs/shop/item/one",
        "unknown_path",
        "braze",
        "update_item",
        "no such path",
    ),
    ("GET", "/braze/braze/catalogs", "wrong_prefix", "braze", "list_catalogs", "without /braze"),
    ("GET", "/attraqt/api/v1/connectors", "wrong_vendor", "attraqt", "", "a path of squared"),
    ("GET", "/brace/catalogs", "unknown_vendor", None, "list_catalogs", "there is braze"),
    ("GET", "/item-schemas", "unknown_vendor", None, "list_item_schemas", "attraqt has this path"),
    ("GET", "/", "unknown_vendor", None, "", "names a vendor"),
    ("HEAD", "/squared/api/v1/nope.json", "unknown_path", "squared", "", "no such path"),
]


class TestUnmatched:
    """`GET /_mockalog/requests/unmatched`."""

    @pytest.mark.parametrize(
        ("method", "path", "reason", "vendor", "nearest", "detail"),
        LOST,
        ids=[f"{row[0]} {row[1]}" for row in LOST],
    )
    def test_it_says_why_and_what_comes_nearest(
        self,
        emulation: Emulation,
        method: str,
        path: str,
        reason: str,
        vendor: str | None,
        nearest: str,
        detail: str,
    ) -> None:
        """In the sandbox of who asked, though no operation looked at its credential."""
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

    def test_what_is_refused_unread_is_told_apart(self, emulation: Emulation) -> None:
        """Its path may be a good one."""
        client = emulation.client("/attraqt")
        client.post("/item-schemas", content=b" " * (16 * 2**20))

        lost = emulation.control().get("/requests/unmatched?limit=1").json()["requests"]

        assert [exchange["reason"] for exchange in lost] == ["unread"]

    def test_neither_credential_nor_name_is_nobodys(self) -> None:
        """The whole server's journal has it; a name is enough to be somebody's."""
        with emulate() as emulation:
            client = emulation.client("/braze", token="")
            client.get("/nope")
            client.get("/nope", headers={"X-Mockalog-Sandbox": "mine"})

            mine = emulation.control(headers={"X-Mockalog-Sandbox": "mine"})
            assert len(mine.get("/requests/unmatched").json()["requests"]) == 1
            assert len(emulation.control().get("/requests/unmatched").json()["requests"]) == 2

    @pytest.mark.parametrize("path", ["/nowhere", "/braze/nowhere"])
    def test_a_name_that_no_database_keeps_is_nobodys(
        self, emulation: Emulation, path: str
    ) -> None:
        """The answer is the same 404."""
        client = emulation.client()

        assert client.get(path, headers={"X-Mockalog-Sandbox": "a\0"}).status_code == 404


ACCOUNT = {"name": "U", "email": "u@x.io", "password": "Secret1!", "company_name": "X"}
ACCOUNT["password_confirmation"] = ACCOUNT["password"]


class TestRefusals:
    """What is refused before the sandbox is opened is in its journal all the same."""

    @pytest.mark.parametrize("vendor", ["braze", "squared", "attraqt"])
    @pytest.mark.parametrize("headers", [{}, {"X-Mockalog-Sandbox": "named"}])
    def test_an_unknown_credential_is_seen_by_name_or_by_itself(
        self, strict: Emulation, vendor: str, headers: dict[str, str]
    ) -> None:
        """If somebody looked for it before; what it is itself is hidden."""
        path = {"squared": "/api/v1/connectors"}.get(vendor, "/catalogs")
        client = strict.client(f"/{vendor}", f"bad-{vendor}", headers=headers)
        control = strict.control(client, headers=headers)
        control.get("/requests").raise_for_status()

        assert client.get(path).status_code == 401

        seen = control.get(f"/requests?vendor={vendor}")
        [exchange] = seen.json()["requests"]
        assert (exchange["response"]["status"], exchange["unmatched"]) == (401, False)
        assert f"bad-{vendor}" not in seen.text

    def test_an_unknown_credential_opens_no_sandbox_of_a_strict_server(self) -> None:
        """Nor does a name without one, wherever it is sent: only the whole server sees the call."""
        with emulate(auth="strict") as emulation:
            authenticate_unknown = emulation.client(token="junk")
            named = emulation.client(token="", headers={"X-Mockalog-Sandbox": "named"})
            statuses = [
                client.get(path).status_code
                for client in (authenticate_unknown, named)
                for path in ("/braze/catalogs", "/braze/nope", "/nowhere")
            ]

            assert statuses == [401, 404, 404] * 2
            assert emulation.control().get("/requests/count").json() == {"count": 6}
            assert emulation.control().get("/state").json()["sandboxes"] == {}

    def test_a_registered_credential_opens_its_sandbox_with_a_call_that_is_lost(self) -> None:
        """On a strict server too: its first call may be the typo."""
        with emulate(auth="strict") as emulation:
            wanted = {"vendor": "braze", "token": "good", "sandbox": "mine"}
            emulation.control().post("/credentials", json=wanted).raise_for_status()

            assert emulation.client("/braze", "good").get("/catalogz").status_code == 404

            mine = emulation.control(headers={"X-Mockalog-Sandbox": "mine"})
            assert mine.get("/requests/count?unmatched=true").json() == {"count": 1}

    def test_a_client_that_gets_no_token_is_seen_in_the_one_that_is_named(
        self, strict: Emulation
    ) -> None:
        """Attraqt's login carries its credential in a form."""
        path = "/auth/realms/acme/protocol/openid-connect/token"
        form = {"grant_type": "client_credentials", "client_id": "who", "client_secret": "hush"}
        named = {"X-Mockalog-Sandbox": "login"}
        strict.control(headers=named).get("/requests").raise_for_status()

        assert strict.client("/attraqt", headers=named).post(path, data=form).status_code == 401

        seen = strict.control(headers=named).get("/requests?status=401")
        assert [one["operation"] for one in seen.json()["requests"]] == ["create_token"]
        assert "hush" not in seen.text

    @pytest.mark.parametrize("auth", ["open", "strict"])
    def test_a_credential_that_has_ended_is_seen_where_it_was_good(self, auth: str) -> None:
        """After logout."""
        with emulate(auth=auth) as emulation:
            wanted = {"vendor": "squared", "token": "t", "sandbox": "mine"}
            emulation.control().post("/credentials", json=wanted)
            client = emulation.client("/squared", "t")
            client.post("/api/v1/signup", json=ACCOUNT).raise_for_status()
            issued = client.post("/api/v1/login", json=ACCOUNT).json()["data"]["id"]
            member = emulation.client("/squared", issued)
            member.request("DELETE", "/api/v1/logout").raise_for_status()

            assert member.get("/api/v1/users/me").status_code == 401

            mine = emulation.control(headers={"X-Mockalog-Sandbox": "mine"})
            seen = mine.get("/requests?operation=get_me").json()["requests"]
            assert [one["response"]["status"] for one in seen] == [401]

    def test_a_body_that_is_refused_unread_is_seen_too(self, emulation: Emulation) -> None:
        """Squared looks at JSON before the credential; Attraqt takes 4 MB."""
        client = emulation.client()
        json_ = {"Content-Type": "application/json"}
        client.post("/squared/api/v1/connectors", content=b"{", headers=json_)
        client.post("/attraqt/items", content=b" " * 5_000_000, headers=json_)

        seen = emulation.control(client).get("/requests").json()["requests"]

        assert [(one["vendor"], one["response"]["status"]) for one in seen] == [
            ("squared", 400),
            ("attraqt", 400),
        ]

    def test_without_a_credential_it_is_nobodys(self, strict: Emulation) -> None:
        """The whole server's journal has it."""
        client = strict.client("/braze", headers={"Authorization": ""})

        assert client.get("/catalogs").status_code == 401

        [newest] = strict.control().get("/requests?limit=1").json()["requests"]
        assert newest["path"] == "/braze/catalogs"


class TestArchive:
    """`GET /_mockalog/requests/har`."""

    def test_it_is_har_1_2(self, braze: httpx.Client, control: httpx.Client) -> None:
        """With everything that the format asks for."""
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

    def test_a_body_that_was_cut_says_so(self, braze: httpx.Client, control: httpx.Client) -> None:
        """Its size is that of what was sent."""
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


def test_configured_secrets_are_shown_nowhere() -> None:
    """In path, query, headers and bodies, in the list, among the lost and in the archive."""
    with emulate(secrets=("tr0ub/é 4", "/[0-9]{4}-[0-9]{4}/")) as emulation:
        client = emulation.client("/braze", headers={"X-Key": "tr0ub/%C3%a9+4"})
        client.get("/nope/tr0ub%2Fé 4/x?k=tr0ub%2f%c3%a9%204&card=1234-5678")
        client.post("/catalogs", json={"a": 'tr0ub/é 4"', "card": "1234-5678"})
        client.post("/catalogs", content=b'{"a": "tr0ub\\/\\u00E9 4"}')
        control = emulation.control(client)

        shown = "".join(
            control.get(f"/requests{path}").text for path in ("", "/unmatched", "/har", "/wait")
        )

    assert "tr0ub" not in shown
    assert "1234-5678" not in shown
    assert shown.count("[redacted]") > 20
