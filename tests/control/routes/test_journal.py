"""The calls of the journal: waiting, and the sandbox of refused requests."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from mockalog.control.journal.filters import FilterIn, matches
from mockalog.control.journal.waiting import wait_for
from mockalog.control.routes import journal
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.journals import Journals
from mockalog.kernel.turns import ClientLeftError
from tests.emulation import HOST, Emulation, emulate


@pytest.fixture(scope="module")
def strict() -> Iterator[Emulation]:
    """A server that accepts only registered credentials."""
    with emulate(auth="strict") as emulation:
        yield emulation


class TestWaiting:
    """`GET /_mockalog/requests/wait`."""

    def test_present_requests_are_returned_at_once(
        self, braze: httpx.Client, control: httpx.Client
    ) -> None:
        """Filters and `limit` apply."""
        for _ in range(3):
            braze.get("/catalogs")
        wanted = "count=2&timeout=0&operation=list_catalogs&limit=1"

        found = control.get(f"/requests/wait?{wanted}").json()["requests"]

        assert [exchange["operation"] for exchange in found] == ["list_catalogs"]

    def test_after_leaves_out_earlier_requests(
        self, braze: httpx.Client, control: httpx.Client
    ) -> None:
        """It takes the last id of each worker process."""
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

    def test_without_a_sandbox_all_requests_count(
        self, emulation: Emulation, braze: httpx.Client
    ) -> None:
        """Of every sandbox."""
        braze.get("/catalogs")

        found = emulation.control().get("/requests/wait?timeout=0&limit=1").json()["requests"]

        assert [exchange["path"] for exchange in found] == ["/braze/catalogs"]

    def test_a_timeout_is_a_problem(self, braze: httpx.Client, control: httpx.Client) -> None:
        """It has the number of requests."""
        braze.get("/catalogs")

        answer = control.get("/requests/wait", params={"count": 2, "timeout": 0.01})

        assert answer.status_code == 408
        assert answer.json()["detail"] == "1 of 2 requests came within 0.01 s"

    def test_the_wait_ends_with_the_last_request(
        self, emulation: Emulation, braze: httpx.Client
    ) -> None:
        """Other requests do not end it."""
        authorization = {"Authorization": braze.headers["Authorization"]}
        wait = f"{HOST}/_mockalog/requests/wait?count=2&timeout=30&status=201"
        create = f"{HOST}/braze/catalogs"

        async def scene() -> httpx.Response:
            transport = httpx.ASGITransport(emulation._app)
            async with httpx.AsyncClient(transport=transport, headers=authorization) as client:
                waiting = [asyncio.create_task(client.get(wait)) for _ in range(2)]
                for name in ("one", "one", "two"):
                    while not emulation.runtime.journal._following:  # noqa: ASYNC110
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

    def test_the_wait_goes_on_after_a_reset(
        self, emulation: Emulation, braze: httpx.Client, looked: list[int]
    ) -> None:
        """Only requests after the reset count."""
        authorization = {"Authorization": braze.headers["Authorization"]}

        async def scene() -> httpx.Response:
            transport = httpx.ASGITransport(emulation._app)
            async with httpx.AsyncClient(transport=transport, headers=authorization) as client:
                wait = f"{HOST}/_mockalog/requests/wait?count=2&timeout=30"
                waiting = asyncio.create_task(client.get(wait))
                await client.get(f"{HOST}/braze/catalogs")
                while not looked:  # noqa: ASYNC110
                    await asyncio.sleep(0)
                await client.post(f"{HOST}/_mockalog/reset")
                for _ in range(2):
                    await client.get(f"{HOST}/braze/catalogs")
                return await waiting

        answer: httpx.Response = emulation.run(scene)

        assert len(answer.json()["requests"]) == 2

    @pytest.fixture(params=["one process", "several"])
    def _processes(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        """A process that has others asks all of them again and again."""
        if request.param == "several":
            monkeypatch.setattr(Journals, "is_alone", False)
            monkeypatch.setattr(Journals, "changed", lambda *_: asyncio.sleep(0))

    @pytest.fixture
    def looked(self, _processes: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """The ids of the exchanges that are compared with a filter."""
        looked: list[int] = []
        compare = matches

        def note(wanted: FilterIn, exchange: Exchange) -> bool:
            looked.append(exchange.id)
            return compare(wanted, exchange)

        monkeypatch.setattr(journal, "matches", note)
        return looked

    def test_a_wait_looks_at_each_exchange_once(
        self, emulation: Emulation, braze: httpx.Client, looked: list[int]
    ) -> None:
        """Forty waiters on a full journal cost a call as much as on an empty one."""
        for _ in range(20):
            braze.get("/catalogs")
        authorization = {"Authorization": braze.headers["Authorization"]}

        async def scene() -> None:
            transport = httpx.ASGITransport(emulation._app)
            async with httpx.AsyncClient(transport=transport, headers=authorization) as client:
                wait = f"{HOST}/_mockalog/requests/wait?count=23&timeout=30"
                waiting = asyncio.create_task(client.get(wait))
                while len(looked) < 20:  # noqa: ASYNC110
                    await asyncio.sleep(0)
                for _ in range(3):
                    await client.get(f"{HOST}/braze/catalogs")
                assert len((await waiting).json()["requests"]) == 23

        emulation.run(scene)

        assert len(looked) == len(set(looked)) == 23

    @pytest.mark.usefixtures("_processes")
    def test_a_wait_ends_when_its_client_has_left(
        self, braze: httpx.Client, emulation: Emulation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With one process and with several."""
        ended = asyncio.Event()

        async def noted(*arguments: Any) -> Any:
            with suppress(ClientLeftError):
                return await wait_for(*arguments)
            ended.set()
            raise ClientLeftError

        monkeypatch.setattr(journal, "wait_for", noted)
        control = emulation.control(braze)

        with pytest.raises(httpx.ReadTimeout):
            control.get("/requests/wait?timeout=60", timeout=0.05)

        emulation.run(ended.wait)

    def test_a_clear_begins_a_wait_again(
        self, emulation: Emulation, braze: httpx.Client, looked: list[int]
    ) -> None:
        """Only later requests count."""
        authorization = {"Authorization": braze.headers["Authorization"]}

        async def scene() -> httpx.Response:
            transport = httpx.ASGITransport(emulation._app)
            async with httpx.AsyncClient(transport=transport, headers=authorization) as client:
                wait = f"{HOST}/_mockalog/requests/wait?count=2&timeout=30"
                waiting = asyncio.create_task(client.get(wait))
                await client.get(f"{HOST}/braze/catalogs")
                while not looked:  # noqa: ASYNC110
                    await asyncio.sleep(0)
                await client.delete(f"{HOST}/_mockalog/requests")
                for path in ("a", "b"):
                    await client.get(f"{HOST}/braze/{path}")
                return await waiting

        answer: httpx.Response = emulation.run(scene)

        paths = [one["path"] for one in answer.json()["requests"]]
        assert paths == ["/braze/a", "/braze/b"]

    @pytest.mark.parametrize("query", ["count=0", "timeout=61", "timeout=nan", "cuont=1"])
    def test_the_timeout_is_bounded(self, control: httpx.Client, query: str) -> None:
        """Unknown parameters are refused."""
        assert control.get(f"/requests/wait?{query}").status_code == 400


ACCOUNT = {"name": "U", "email": "u@x.io", "password": "Secret1!", "company_name": "X"}
ACCOUNT["password_confirmation"] = ACCOUNT["password"]


class TestRefusals:
    """Requests that are refused before their sandbox is opened are in its journal."""

    @pytest.mark.parametrize("vendor", ["braze", "squared", "attraqt"])
    @pytest.mark.parametrize("headers", [{}, {"X-Mockalog-Sandbox": "named"}])
    def test_a_request_with_an_unknown_credential_is_in_its_sandbox(
        self, strict: Emulation, vendor: str, headers: dict[str, str]
    ) -> None:
        """By name or by credential, if the sandbox exists; the credential is redacted."""
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
        """Nor does a name alone: only the whole server's journal has the request."""
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

    def test_an_unmatched_first_request_opens_the_sandbox(self) -> None:
        """On a strict server too."""
        with emulate(auth="strict") as emulation:
            wanted = {"vendor": "braze", "token": "good", "sandbox": "mine"}
            emulation.control().post("/credentials", json=wanted).raise_for_status()

            assert emulation.client("/braze", "good").get("/catalogz").status_code == 404

            mine = emulation.control(emulation.client(token="good"))
            assert mine.get("/requests/count?unmatched=true").json() == {"count": 1}

    def test_a_refused_login_is_in_the_named_sandbox(self, strict: Emulation) -> None:
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
    def test_a_request_with_an_ended_credential_is_in_its_former_sandbox(self, auth: str) -> None:
        """After a logout."""
        with emulate(auth=auth) as emulation:
            wanted = {"vendor": "squared", "token": "t", "sandbox": "mine"}
            emulation.control().post("/credentials", json=wanted)
            client = emulation.client("/squared", "t")
            client.post("/api/v1/signup", json=ACCOUNT).raise_for_status()
            issued = client.post("/api/v1/login", json=ACCOUNT).json()["data"]["id"]
            member = emulation.client("/squared", issued)
            member.request("DELETE", "/api/v1/logout").raise_for_status()

            assert member.get("/api/v1/users/me").status_code == 401

            mine = emulation.control(client)
            seen = mine.get("/requests?operation=get_me").json()["requests"]
            assert [one["response"]["status"] for one in seen] == [401]

    def test_a_request_refused_unread_is_in_the_journal(self, emulation: Emulation) -> None:
        """Squared parses JSON before the credential; Attraqt's limit is 4 MB."""
        client = emulation.client()
        json_ = {"Content-Type": "application/json"}
        client.post("/squared/api/v1/connectors", content=b"{", headers=json_)
        client.post("/attraqt/items", content=b" " * 5_000_000, headers=json_)

        seen = emulation.control(client).get("/requests").json()["requests"]

        assert [(one["vendor"], one["response"]["status"]) for one in seen] == [
            ("squared", 400),
            ("attraqt", 400),
        ]

    def test_a_request_without_a_credential_has_no_sandbox(self, strict: Emulation) -> None:
        """Only the whole server's journal has it."""
        client = strict.client("/braze", headers={"Authorization": ""})

        assert client.get("/catalogs").status_code == 401

        [newest] = strict.control().get("/requests?limit=1").json()["requests"]
        assert newest["path"] == "/braze/catalogs"


def test_configured_secrets_are_shown_nowhere() -> None:
    """In path, query, headers and bodies; in the list, in unmatched requests and in the archive."""
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
