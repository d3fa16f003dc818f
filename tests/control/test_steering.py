"""Credentials, settings, clock, jobs and journal of a sandbox."""

import json
from collections import ChainMap
from typing import Any
from uuid import uuid4

import httpx
import pytest

from mockalog.kernel.clock import LATEST
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, JobKind, schedule
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.vendors import VENDORS
from tests.emulation import Emulation, emulate

SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}


class TestCredentials:
    """Registering, listing and forgetting them."""

    def test_a_token_is_never_listed_in_clear(self) -> None:
        """Its SHA-256 stands for it."""
        with emulate() as emulation:
            control = emulation.control()
            rights = ["catalogs.get_items", "catalogs.get"]
            wanted = {"vendor": "braze", "token": "s3cret", "permissions": rights}

            created = control.post("/credentials", json=wanted)

            assert created.status_code == 201
            assert created.json()["permissions"] == sorted(rights)
            listed = control.get("/credentials")
            assert listed.json() == {"credentials": [created.json()]}
            assert "s3cret" not in listed.text + created.text

    @pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
    def test_what_info_lists_can_be_given(self, emulation: Emulation, vendor: Vendor) -> None:
        """Also the vendor's permissions that no operation here asks for."""
        info = emulation.control().get("/info").json()
        [listed] = [one["permissions"] for one in info["vendors"] if one["name"] == vendor.name]
        token = uuid4().hex
        wanted = {"vendor": vendor.name, "token": token, "permissions": [*listed, "*"]}
        control = emulation.control(emulation.client())

        assert control.post("/credentials", json=wanted).status_code == 201

        assert {one.permission for one in vendor.api.router.operations} <= {*listed, None}

    def test_registering_again_replaces(self) -> None:
        """One token is one credential."""
        with emulate() as emulation:
            control = emulation.control()
            for permissions in (["catalogs.get"], ["catalogs.create"]):
                wanted = {"vendor": "braze", "token": "t", "permissions": permissions}
                control.post("/credentials", json=wanted)

            (listed,) = control.get("/credentials").json()["credentials"]

            assert listed["permissions"] == ["catalogs.create"]

    def test_the_list_of_a_sandbox_is_its_own(self) -> None:
        """A credential opens the sandbox that its token names."""
        with emulate() as emulation:
            for token in ("one", "two"):
                emulation.control().post("/credentials", json={"vendor": "braze", "token": token})

            mine = emulation.control(emulation.client(token="one")).get("/credentials").json()

            assert len(mine["credentials"]) == 1

    def test_a_forgotten_credential_opens_nothing(self) -> None:
        """In strict mode."""
        with emulate(auth="strict") as emulation:
            control, client = emulation.control(), emulation.client("/braze", token="t")
            created = control.post("/credentials", json={"vendor": "braze", "token": "t"}).json()
            assert client.get("/catalogs").status_code == 200

            assert control.delete(f"/credentials/{created['id']}").status_code == 204

            assert client.get("/catalogs").status_code == 401

    @pytest.mark.parametrize(
        "body",
        [
            {"vendor": "nobody", "token": "t"},
            {"vendor": "braze", "token": ""},
            {"vendor": "braze"},
            {"vendor": "braze", "token": "t", "permissions": "all"},
            {"vendor": "braze", "token": "t", "permission": ["*"]},
            {"vendor": "braze", "token": "t", "sandbox": "*"},
            {"vendor": "braze", "token": "t", "sandbox": ""},
        ],
    )
    def test_what_cannot_be_registered_is_refused(self, emulation: Emulation, body: Any) -> None:
        """Unknown vendors, empty tokens, unknown keys."""
        assert emulation.control().post("/credentials", json=body).status_code == 400

    @pytest.mark.parametrize("field", ["vendor", "token", "permissions", "sandbox", "public_key"])
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("a\ud800", "half of a surrogate pair is no character"),
            ("\udfffz", "half of a surrogate pair is no character"),
            ("a\0", "a NUL is a character that no database keeps"),
            ("", "String should have at least 1 character"),
        ],
    )
    def test_a_text_that_cannot_be_kept_is_refused_wherever_it_stands(
        self, emulation: Emulation, field: str, text: str, reason: str
    ) -> None:
        """On either database, and the list of all credentials stays whole."""
        value = [text] if field == "permissions" else text
        body = json.dumps({"vendor": "braze", "token": "t", field: value})
        control = emulation.control(headers={"Content-Type": "application/json"})

        answer = control.post("/credentials", content=body)

        assert (answer.status_code, control.get("/credentials").status_code) == (400, 200)
        assert answer.json()["detail"].endswith(reason)
        assert answer.json()["detail"].startswith(f"body.{field}")

    @pytest.mark.parametrize(
        ("vendor", "permission", "near"),
        [
            ("braze", "catalogs.get_itemz", "there is: catalogs.get_item, catalogs.get_items"),
            ("braze", "CATALOGS.GET_ITEMS", "there is: catalogs.get_items"),
            ("braze", "catalogs.zzzzzzzzzz", "there is: catalogs.add_items, catalogs.create, "),
            ("braze", "catalogs", "there is: catalogs.get"),
            ("braze", "catalogs-get_items", "there is: catalogs.get_items"),
            ("squared", "connectors:read", "there is: connector:read"),
            ("attraqt", "items:WRIT", "there is: items:WRITE"),
        ],
    )
    def test_a_permission_that_looks_like_a_typo_is_refused(
        self, emulation: Emulation, vendor: str, permission: str, near: str
    ) -> None:
        """It would be a credential that is refused for no reason to be seen."""
        control = emulation.control(emulation.client())
        wanted = {"vendor": vendor, "token": "typo", "permissions": ["*", permission]}
        document = {"mockalog": 1, "credentials": [wanted]}

        refused = control.post("/credentials", json=wanted)
        in_a_seed = control.post("/seed", json=document)

        assert (refused.status_code, in_a_seed.status_code) == (400, 400)
        said = f"there is no {vendor} permission {permission!r}; {near}"
        assert refused.json()["detail"].startswith(said)
        assert f"credentials[0].permissions: {said}" in in_a_seed.json()["detail"]

    def test_a_permission_of_a_vendors_other_apis_is_taken(self, emulation: Emulation) -> None:
        """A test may register the key that production has."""
        rights = ["catalogs.get", "content_blocks.create", "media_library.create", "users.track"]
        wanted = {"vendor": "braze", "token": "t", "permissions": [*rights, "a word of our own"]}

        answer = emulation.control(emulation.client()).post("/credentials", json=wanted)

        assert (answer.status_code, answer.json()["permissions"]) == (
            201,
            sorted(wanted["permissions"]),
        )


class TestSettings:
    """`/_mockalog/settings`."""

    def test_a_change_is_one_sandboxs_alone(self, emulation: Emulation) -> None:
        """The others keep theirs."""
        mine, other = emulation.client(), emulation.client()

        changed = emulation.control(mine).patch("/settings", json={"rate_limits": "off"})

        assert changed.json()["rate_limits"] == "off"
        assert emulation.control(other).get("/settings").json()["rate_limits"] == "vendor"

    def test_settings_change_one_by_one(self, emulation: Emulation) -> None:
        """What is not named stays."""
        control = emulation.control(emulation.client())
        control.patch("/settings", json={"rate_limits": "tiny"})

        control.patch("/settings", json={"braze.async_delay": 2})

        settings = control.get("/settings").json()
        assert (settings["rate_limits"], settings["braze.async_delay"]) == ("tiny", 2)

    def test_of_changes_at_once_all_hold(self, emulation: Emulation) -> None:
        """Settings and clock do not overwrite each other."""
        control = emulation.control(emulation.client())
        control.get("/settings")
        changes: list[tuple[str, str, Any]] = [
            ("PATCH", "/settings", {"rate_limits": "off"}),
            ("PATCH", "/settings", {"braze.async_delay": 2}),
            ("PATCH", "/settings", {"attraqt.activation_delay": 3}),
            ("PUT", "/clock", {"mode": "frozen", "now": "2025-01-01T00:00:00Z"}),
        ]
        wanted = [control.build_request(method, path, json=body) for method, path, body in changes]

        answers = emulation.at_once(control, wanted)

        settings = control.get("/settings").json()
        assert [answer.status_code for answer in answers] == [200] * 4
        assert settings["rate_limits"] == "off"
        assert settings["braze.async_delay"] == 2
        assert settings["attraqt.activation_delay"] == 3
        assert control.get("/clock").json()["mode"] == "frozen"

    def test_without_a_sandbox_they_are_everybodys(self) -> None:
        """Of those that are and those that come."""
        with emulate() as emulation:
            old = emulation.control(emulation.client())
            old.get("/settings")

            emulation.control().patch("/settings", json={"rate_limits": "off"})

            new = emulation.control(emulation.client())
            assert old.get("/settings").json()["rate_limits"] == "off"
            assert new.get("/settings").json()["rate_limits"] == "off"

    def test_tiny_limits_are_soon_reached(self, emulation: Emulation) -> None:
        """A test of the 429 path needs two requests."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        control.patch("/settings", json={"rate_limits": "tiny"})
        control.put("/clock", json={"mode": "frozen"})

        assert [client.get("/catalogs").status_code for _ in range(2)] == [200, 429]


class TestClock:
    """`/_mockalog/clock` and its jobs."""

    def test_a_frozen_clock_stamps_everything_alike(self, emulation: Emulation) -> None:
        """Until it is advanced."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        control.put("/clock", json={"mode": "frozen", "now": "2024-02-29T12:00:00+02:00"})

        created = client.post("/catalogs", json=SHOP).json()["catalogs"][0]

        assert created["updated_at"] == "2024-02-29T10:00:00.000+00:00"
        advanced = control.post("/clock/advance", json={"seconds": 1.5}).json()
        assert advanced == {"mode": "frozen", "now": "2024-02-29T10:00:01.500000Z", "jobs_run": 0}
        assert control.get("/clock").json()["now"] == "2024-02-29T10:00:01.500000Z"

    def test_a_clock_is_frozen_where_it_stands(self, emulation: Emulation) -> None:
        """Not where the machine's does; without a sandbox each where it stands."""
        headers = [{"X-Mockalog-Sandbox": f"frozen-{name}"} for name in ("here", "there")]
        here, there = (emulation.control(headers=one) for one in headers)
        here.put("/clock", json={"mode": "frozen", "now": "2025-03-01T12:00:00Z"})
        there.put("/clock", json={"mode": "real", "now": "2030-03-01T12:00:00Z"})

        for control in (here, there):
            control.post("/clock/advance", json={"seconds": 30})
            stopped = control.put("/clock", json={"mode": "frozen"}).json()
            assert stopped == control.get("/clock").json() | {"jobs_run": None}

        assert here.get("/clock").json()["now"] == "2025-03-01T12:00:30Z"
        assert there.get("/clock").json()["now"].startswith("2030-03-01T12:0")

    def test_a_clocks_mode_is_said(self, emulation: Emulation) -> None:
        """A call that says nothing changes nothing."""
        control = emulation.control(emulation.client("/braze"))
        before = control.put("/clock", json={"mode": "frozen"}).json()

        for body in ({}, {"now": "2025-03-01T12:00:00Z"}):
            refused = control.put("/clock", json=body)
            assert (refused.status_code, "mode" in refused.json()["detail"]) == (400, True)

        assert control.get("/clock").json() == before

    @pytest.mark.parametrize("now", ["2025-01-01T00:00:00Z", "2030-01-01T00:00:00Z"])
    def test_what_was_accepted_before_happens_before(self, emulation: Emulation, now: str) -> None:
        """A clock that goes back hides no write that was answered already."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        fields = [{"name": "id", "type": "string"}]
        client.post("/catalogs", json={"catalogs": [{"name": "shops", "fields": fields}]})
        control.put("/clock", json={"mode": "frozen", "now": "2027-01-01T00:00:00Z"})
        client.post("/catalogs/shops/items", json={"items": [{"id": "accepted"}]})

        control.put("/clock", json={"mode": "frozen", "now": now})

        assert client.get("/catalogs/shops/items/accepted").status_code == 200

    def test_of_two_advances_at_once_both_count(self, emulation: Emulation) -> None:
        """Ten seconds and ten are twenty."""
        control = emulation.control(emulation.client())
        control.put("/clock", json={"mode": "frozen", "now": "2025-01-01T00:00:00Z"})
        step = control.build_request("POST", "/clock/advance", json={"seconds": 10})

        emulation.at_once(control, [step, step])

        assert control.get("/clock").json()["now"] == "2025-01-01T00:00:20Z"

    def test_a_shifted_clock_runs_on(self, emulation: Emulation) -> None:
        """Real, but elsewhere."""
        control = emulation.control(emulation.client())

        clock = control.put("/clock", json={"mode": "real", "now": "2030-01-01T00:00:00Z"}).json()

        assert clock["mode"] == "real"
        assert clock["now"].startswith("2030-01-01T00:00:")

    def test_without_a_sandbox_it_is_everybodys(self) -> None:
        """Of those that are and those that come."""
        with emulate() as emulation:
            old = emulation.control(emulation.client())
            old.get("/clock")
            now = {"mode": "frozen", "now": "2024-02-29T12:00:00Z"}

            emulation.control().put("/clock", json=now)
            emulation.control().post("/clock/advance", json={"seconds": 60})

            new = emulation.control(emulation.client())
            for control in (old, new, emulation.control()):
                assert control.get("/clock").json()["now"] == "2024-02-29T12:01:00Z"

    def test_it_does_not_leave_the_year_9999(self, emulation: Emulation) -> None:
        """No vendor could write it."""
        control = emulation.control(emulation.client())
        control.put("/clock", json={"mode": "frozen", "now": "9999-12-31T00:00:00Z"})

        assert control.post("/clock/advance", json={"seconds": 86400}).status_code == 400
        assert control.get("/clock").json()["now"] == "9999-12-31T00:00:00Z"

    def test_one_that_runs_on_stands_at_the_last_second(self, emulation: Emulation) -> None:
        """It can have been set so late that the year ends before the test does."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        late = {"mockalog": 1, "clock": {"mode": "real", "shift": LATEST}}
        assert control.put("/state", json=late).status_code == 200

        made = client.post("/catalogs", json=SHOP)

        assert made.status_code == 201
        assert made.json()["catalogs"][0]["updated_at"] == "9999-12-31T23:59:59.000+00:00"
        assert control.get("/clock").json()["now"] == "9999-12-31T23:59:59Z"

    def plan(self, emulation: Emulation, client: httpx.Client, seconds: float) -> None:
        """Schedule a job of the client's sandbox so far in its future."""
        runtime = emulation.runtime

        async def note(repository: Repository, job: Job) -> str:
            return "noted"

        known: Any = runtime.jobs._kinds
        runtime.jobs._kinds = ChainMap({"test.note": JobKind(note)}, known)

        async def store() -> None:
            sandbox = await runtime.sandboxes.open(digest_of(client))
            now = sandbox.clock.now()
            async with runtime.database.transaction() as connection:
                repository = Repository(connection, sandbox.id)
                due_at = now + int(seconds * 1_000_000)
                await schedule(repository, "test.note", {}, now=now, due_at=due_at)
            runtime.sandboxes.forget()

        emulation.run(store)

    def test_advancing_runs_what_falls_due(self, emulation: Emulation) -> None:
        """Then it answers."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        for seconds in (5, 10, 20):
            self.plan(emulation, client, seconds)

        assert control.post("/clock/advance", json={"seconds": 15}).json()["jobs_run"] == 2

        jobs = control.get("/jobs").json()["jobs"]
        assert [job["state"] for job in jobs] == ["done", "done", "pending"]
        assert jobs[0]["outcome"] == "noted"
        assert jobs[0]["finished_at"] == jobs[0]["due_at"]
        assert jobs[2]["finished_at"] is None

    def test_settling_runs_everything_and_moves_the_clock_as_far(
        self, emulation: Emulation
    ) -> None:
        """No further than the last job needs."""
        client = emulation.client("/braze")
        control = emulation.control(client)
        control.put("/clock", json={"mode": "frozen", "now": "2024-02-29T12:00:00Z"})
        for seconds in (5, 3600):
            self.plan(emulation, client, seconds)

        settled = control.post("/clock/settle").json()

        assert settled == {"mode": "frozen", "now": "2024-02-29T13:00:00Z", "jobs_run": 2}
        assert control.post("/clock/settle").json()["jobs_run"] == 0

    def test_a_job_that_is_due_runs_before_the_next_request(self, emulation: Emulation) -> None:
        """Nobody needs to advance a clock for that."""
        client = emulation.client("/braze")
        client.get("/catalogs")
        self.plan(emulation, client, 0)

        client.get("/catalogs")

        (job,) = emulation.control(client).get("/jobs").json()["jobs"]
        assert job["state"] == "done"

    def test_settling_and_advancing_begin_with_what_was_overslept(
        self, emulation: Emulation
    ) -> None:
        """A job that is due already is counted, and run before time passes."""
        client = emulation.client("/braze")
        client.get("/catalogs")
        control = emulation.control(client)
        for call in ("settle", "advance"):
            self.plan(emulation, client, 0)

            answer = control.post(f"/clock/{call}", json={"seconds": 1}).json()

            assert answer["jobs_run"] == 1

    def test_without_a_sandbox_all_jobs_are_listed_and_settled(self) -> None:
        """The whole server's."""
        with emulate() as emulation:
            for _ in range(3):
                client = emulation.client("/braze")
                client.get("/catalogs")
                self.plan(emulation, client, 60)

            assert emulation.control().post("/clock/settle").json()["jobs_run"] == 3

            jobs = emulation.control().get("/jobs").json()["jobs"]
            assert [job["state"] for job in jobs] == ["done"] * 3


def test_a_credential_that_a_sandbox_registers_is_its_own(emulation: Emulation) -> None:
    """It opens that sandbox, unless another is named; another one's cannot be deleted."""
    client, other = emulation.client("/braze"), emulation.client("/braze")
    mine, theirs = emulation.control(client), emulation.control(other)
    token = f"second-{digest(client.headers['Authorization'])}"
    client.post("/catalogs", json=SHOP)

    created = mine.post("/credentials", json={"vendor": "braze", "token": token}).json()

    assert len(emulation.client("/braze", token=token).get("/catalogs").json()["catalogs"]) == 1
    assert mine.get("/credentials").json() == {"credentials": [created]}
    assert theirs.delete(f"/credentials/{created['id']}").status_code == 404
    assert mine.delete(f"/credentials/{created['id']}").status_code == 204
    assert mine.get("/credentials").json() == {"credentials": []}
    named = {"vendor": "braze", "token": token, "sandbox": f"named-{token}"}
    assert mine.post("/credentials", json=named).json()["sandbox"] == named["sandbox"]
    by_name = emulation.control(headers={"X-Mockalog-Sandbox": named["sandbox"]})
    assert len(by_name.get("/credentials").json()["credentials"]) == 1


def test_the_whole_servers_time_passes_everywhere_or_nowhere() -> None:
    """One sandbox whose clock cannot go on refuses it for all: before anything has moved."""
    with emulate() as emulation:
        clients = [emulation.client("/braze") for _ in range(2)]
        controls = [emulation.control(client) for client in clients]
        controls[0].put("/clock", json={"mode": "frozen", "now": "2030-01-01T00:00:00Z"})
        controls[1].put("/clock", json={"mode": "frozen", "now": "9999-12-31T00:00:00Z"})
        before = [control.get("/clock").json() for control in controls]

        answer = emulation.control().post("/clock/advance", json={"seconds": 100_000})

        assert (answer.status_code, answer.json()["status"]) == (400, 400)
        assert [control.get("/clock").json() for control in controls] == before
        assert emulation.control().get("/clock").json()["mode"] == "real"


class TestRequests:
    """The journal."""

    @pytest.fixture
    def visited(self, emulation: Emulation) -> httpx.Client:
        """A client that made four requests, one of them to nowhere."""
        client = emulation.client("/braze")
        client.get("/catalogs")
        client.post("/catalogs/", json=SHOP)
        client.post("/catalogs", json=SHOP)
        client.delete("/catalogs/nope")
        return client

    @pytest.mark.parametrize(
        ("filters", "count"),
        [
            ({}, 4),
            ({"vendor": "braze"}, 4),
            ({"vendor": "attraqt"}, 0),
            ({"method": "post"}, 2),
            ({"path": "/braze/catalogs"}, 3),
            ({"path": "/braze/catalogs/"}, 3),
            ({"path": "/catalogs"}, 3),
            ({"path": "//catalogs/"}, 3),
            ({"operation": "create_catalog"}, 2),
            ({"status": 400}, 1),
            ({"status": 404, "operation": "delete_catalog"}, 1),
            ({"since": "2001-01-01T00:00:00Z"}, 4),
            ({"since": "9001-01-01T00:00:00Z"}, 0),
            ({"unmatched": True}, 0),
            ({"unmatched": False}, 4),
        ],
    )
    def test_filters_combine(
        self, emulation: Emulation, visited: httpx.Client, filters: dict[str, Any], count: int
    ) -> None:
        """Count and list agree."""
        control = emulation.control(visited)

        assert control.get("/requests/count", params=filters).json() == {"count": count}
        assert len(control.get("/requests", params=filters).json()["requests"]) == count

    def test_an_exchange_shows_both_sides(
        self, emulation: Emulation, visited: httpx.Client
    ) -> None:
        """Method, path, headers, bodies, status, duration."""
        control = emulation.control(visited)

        (newest,) = control.get("/requests", params={"limit": 1}).json()["requests"]

        assert (newest["method"], newest["path"]) == ("DELETE", "/braze/catalogs/nope")
        assert newest["operation"] == "delete_catalog"
        assert newest["request"]["headers"]["authorization"] == "[redacted]"
        assert newest["response"]["status"] == newest["status"] == 404
        assert "catalog-not-found" in newest["response"]["body"]
        assert newest["duration"] > 0

    def test_emptying_it_empties_ones_own(
        self, emulation: Emulation, visited: httpx.Client
    ) -> None:
        """The others keep theirs."""
        other = emulation.client("/braze")
        other.get("/catalogs")

        assert emulation.control(visited).delete("/requests").json() == {"count": 4}

        assert emulation.control(visited).get("/requests/count").json() == {"count": 0}
        assert emulation.control(other).get("/requests/count").json() == {"count": 1}

    def test_what_no_operation_took_is_unmatched(self) -> None:
        """It belongs to no sandbox; the whole server's journal has it."""
        with emulate() as emulation:
            emulation.client().get("/nowhere")
            emulation.client("/braze").get("/nowhere")

            found = emulation.control().get("/requests", params={"unmatched": True}).json()

            assert [(r["vendor"], r["path"]) for r in found["requests"]] == [
                (None, "/nowhere"),
                ("braze", "/braze/nowhere"),
            ]

    def test_control_calls_are_not_in_it(self) -> None:
        """It is about the vendors."""
        with emulate() as emulation:
            emulation.control().get("/info")
            emulation.control().delete("/requests")

            assert emulation.control().get("/requests").json() == {"requests": []}


def digest_of(client: httpx.Client) -> str:
    """Return the name of the sandbox that the client's token opens."""
    return digest(client.headers["Authorization"].removeprefix("Bearer "))
