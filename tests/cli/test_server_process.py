"""`mockalog serve`, `migrate` and `health` as processes, and the wheel."""

import itertools
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from mockalog.addresses import is_answered, reachable
from mockalog.cli import app
from mockalog.settings import load_settings
from tests.emulation import PATIENCE
from tests.serving import FREE_PORTS, VENDORS, Addresses, served, spawn

# Nothing here speaks TLS, and reading the certificates costs more than a request.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


get = partial(httpx.get, verify=NO_TLS, timeout=PATIENCE)
post = partial(httpx.post, verify=NO_TLS, timeout=PATIENCE)


def bearer(token: str) -> dict[str, str]:
    """Return the header for a token."""
    return {"Authorization": f"Bearer {token}"}


def create(url: str, name: str, token: str = "t") -> int:
    """Create a Braze catalog and return the status."""
    body = {"catalogs": [{"name": name, "fields": [{"name": "id", "type": "string"}]}]}
    return post(f"{url}/catalogs", json=body, headers=bearer(token)).status_code


def names(url: str, token: str = "t") -> set[str]:
    """Return the names of the Braze catalogs."""
    answer = get(f"{url}/catalogs", headers=bearer(token))
    return {catalog["name"] for catalog in answer.json()["catalogs"]}


def test_one_process_serves_every_vendor_on_its_own_port() -> None:
    """The server prints each address as soon as it answers; SIGTERM ends it within 2 s."""
    with served() as (process, addresses):
        assert list(addresses) == ["mockalog", *VENDORS]
        assert create(addresses["braze"], "shop") == 201
        assert names(addresses["mockalog"] + "/braze") == {"shop"}
        assert get(addresses["attraqt"] + "/_mockalog/ready").status_code == 200

        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)

        assert time.monotonic() - started < 2
        assert process.returncode == 0


def test_follow_reports_the_stop_of_the_server() -> None:
    """The command prints one line, and the server's log has no traceback."""
    with served() as (server, addresses):
        get(f"{addresses['braze']}/catalogs", headers=bearer("t"))
        command = [sys.executable, "-m", "mockalog", "requests", "--follow"]
        address = ["--url", addresses["mockalog"], "--token", "t"]
        pipe = subprocess.PIPE
        follower = subprocess.Popen([*command, *address], stdout=pipe, stderr=pipe, text=True)
        assert follower.stdout is not None
        assert "list_catalogs" in follower.stdout.readline()

        server.send_signal(signal.SIGTERM)
        _, logged = server.communicate(timeout=20)
        _, said = follower.communicate(timeout=20)

    assert (server.returncode, "Traceback" in logged) == (0, False)
    assert (follower.returncode, said.count("\n")) == (3, 1)
    assert said.startswith(f"mockalog: no mockalog answers at {addresses['mockalog']}: ")


def test_ctrl_c_stops_the_server() -> None:
    """Without a traceback."""
    with served() as (process, _):
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)

    assert (process.returncode, errors) == (0, "")


def test_a_second_ctrl_c_changes_nothing() -> None:
    """The stop waits for requests as long as before, without a traceback."""
    with served() as (process, addresses), ThreadPoolExecutor() as pool:
        control = addresses["mockalog"] + "/_mockalog/faults"
        post(control, json={"vendor": "braze", "delay": 30}, headers=bearer("t"))
        under_way = pool.submit(names, addresses["braze"])
        while not get(control, headers=bearer("t")).json()["faults"][0]["fired"]:
            pass

        process.send_signal(signal.SIGINT)
        while is_answered(addresses["braze"] + "/_mockalog/ready"):
            pass
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)

    assert under_way.exception() is not None
    assert (process.returncode, "Traceback" in errors) == (0, False)


def test_ctrl_c_stops_all_workers(tmp_path: Path) -> None:
    """A second one changes nothing, and the database stays whole."""
    url = f"sqlite:///{tmp_path}/a.db"
    with served("--workers", "2", MOCKALOG_DATABASE_URL=url) as (process, addresses):
        assert create(addresses["braze"], "shop") == 201

        os.killpg(process.pid, signal.SIGINT)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=10)

    assert (process.returncode, errors) == (0, "")
    assert [file.name for file in tmp_path.iterdir()] == ["a.db"]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_stop_resets_no_connection(tmp_path: Path, workers: str) -> None:
    """Under load every request is answered, or its connection is refused; nothing is logged."""
    url = f"sqlite:///{tmp_path}/a.db"
    with served("--workers", workers, MOCKALOG_DATABASE_URL=url) as (process, addresses):
        with ThreadPoolExecutor(9) as threads:
            wait = addresses["mockalog"] + "/_mockalog/requests/wait?count=9&timeout=60&status=999"
            waiting = threads.submit(get, wait, headers=bearer("wait"))
            clients = [threads.submit(call_until_refused, addresses["braze"]) for _ in range(8)]
            count = addresses["mockalog"] + "/_mockalog/requests/count"
            while get(count, headers=bearer("load")).json()["count"] < 50:
                pass

            process.send_signal(signal.SIGTERM)
            answered = [client.result() for client in clients]

        stopping = waiting.result()
        _, errors = process.communicate(timeout=20)

    assert all(answered)
    assert (stopping.status_code, stopping.json()["detail"]) == (503, "the server stops")
    assert stopping.headers["connection"] == "close"
    assert (process.returncode, errors) == (0, "")


def call_until_refused(url: str) -> int:
    """Call on kept connections until none is accepted; return the number of answers."""
    answered = 0
    with httpx.Client(base_url=url, headers=bearer("load"), verify=NO_TLS, timeout=60) as client:
        while True:
            try:
                client.post("/catalogs", json={})
            except httpx.ConnectError:
                return answered
            answered += 1


def test_a_stop_answers_the_request_under_way() -> None:
    """As the last one on its connection."""
    with served() as (process, addresses), ThreadPoolExecutor() as threads:
        control = addresses["mockalog"] + "/_mockalog/faults"
        post(control, json={"vendor": "braze", "delay": 0.4}, headers=bearer("t"))
        answer = threads.submit(get, addresses["braze"] + "/catalogs", headers=bearer("t"))
        while not get(control, headers=bearer("t")).json()["faults"][0]["fired"]:
            pass

        process.send_signal(signal.SIGTERM)

        assert answer.result().headers["connection"] == "close"


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    """The next start gets their ports, and removes the folder in which they met."""
    url = f"sqlite:///{tmp_path}/a.db"
    with (
        TemporaryDirectory() as folder,  # the path of a socket must be short
        served("--workers", "2", "--database-url", url, TMPDIR=folder) as (process, addresses),
    ):
        [left] = Path(folder).glob("mockalog-*")
        process.kill()
        process.wait()
        while is_answered(addresses["mockalog"] + "/_mockalog/health"):
            pass
        ports = [part for name, address in addresses.items() for part in port_flag(name, address)]
        again = spawn(*ports, "--database-url", url, TMPDIR=folder)
        assert again.stdout is not None
        assert again.stdout.readline()
        is_left = left.exists()
        again.send_signal(signal.SIGTERM)
        again.communicate(timeout=20)

    assert (is_left, again.returncode) == (False, 0)


def port_flag(name: str, address: str) -> tuple[str, str]:
    """Return the flag that chooses the port of an address."""
    return f"--{name}-port".replace("mockalog-", ""), address.rpartition(":")[2]


def test_a_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    """The server goes on with two."""
    url = f"sqlite:///{tmp_path}/a.db"
    with served("--workers", "2", "--database-url", url) as (process, addresses):
        before = workers_of(process.pid)
        os.kill(before[0], signal.SIGKILL)

        assert process.stderr is not None
        assert f"worker {before[0]} ended with -9: a new one starts" in process.stderr.readline()
        while len(after := workers_of(process.pid)) < 2:
            pass
        assert before[1] in after
        assert get(addresses["mockalog"] + "/_mockalog/ready").status_code == 200


def workers_of(parent: int) -> list[int]:
    """Return the ids of a server's workers; Python's resource tracker is its child, too."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [
        int(child)
        for child in children
        if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text()
    ]


def test_flags_win_over_variables(tmp_path: Path) -> None:
    """A variable sets a setting without a flag."""
    url = f"sqlite:///{tmp_path}/a.db"
    with served("--auth", "open", MOCKALOG_AUTH="strict", MOCKALOG_DATABASE_URL=url) as (_, at):
        assert get(at["mockalog"] + "/_mockalog/info").json()["auth"] == "open"

    assert (tmp_path / "a.db").exists()


def test_the_seed_is_applied_before_the_first_request(tmp_path: Path) -> None:
    """Two workers apply it once."""
    seed = tmp_path / "seed.yaml"
    seed.write_text(
        "mockalog: 1\nbraze: {catalogs: [{name: shop, fields: [{name: id, type: string}]}]}"
    )
    url = f"sqlite:///{tmp_path}/a.db"
    with served("--seed", str(seed), "--workers", "2", MOCKALOG_DATABASE_URL=url) as (_, at):
        for token in ("one", "two", "three"):
            headers = {"Authorization": f"Bearer {token}"}
            listed = httpx.get(at["braze"] + "/catalogs", headers=headers).json()
            assert [catalog["name"] for catalog in listed["catalogs"]] == ["shop"]


def test_health_returns_an_exit_code() -> None:
    """0: ready, 1: no server answers."""
    runner = CliRunner()
    with served() as (_, addresses):
        assert runner.invoke(app, ["health", "--url", addresses["mockalog"]]).exit_code == 0
        port = addresses["mockalog"].rpartition(":")[2]
        assert runner.invoke(app, ["health"], env={"MOCKALOG_PORT": port}).exit_code == 0
        url = {"MOCKALOG_URL": addresses["mockalog"], "MOCKALOG_PORT": "1"}
        assert runner.invoke(app, ["health"], env=url).exit_code == 0

    gone = runner.invoke(app, ["health", "--url", addresses["mockalog"]])
    assert (gone.exit_code, gone.output.count("\n")) == (1, 1)
    assert runner.invoke(app, ["health", "--url", "nonsense"]).exit_code == 1


BAD_STARTS: list[tuple[list[str], dict[str, str], str]] = [
    (["--port", "abc"], {}, "port: Input should be a valid integer"),
    (["--port", "70000"], {}, "port: Input should be less than or equal to 65535"),
    ([], {"MOCKALOG_WORKERS": "many"}, "workers: Input should be a valid integer"),
    (["--auth", "closed"], {}, "auth: Input should be 'open' or 'strict'"),
    (["--database-url", "mysql://u:s3cret@h/d"], {}, "database_url: the database URL must begin"),
    (["--database-url", "sqlite:////none/none.db"], {}, "unable to open database file"),
    (["--database-url", "postgresql://u:s3cret@127.0.0.1:1/d"], {}, "the database cannot be used"),
    (["--seed", "none/none.yaml"], {}, "the seed none/none.yaml cannot be read"),
    ([], {"MOCKALOG_SEED": "README.md"}, "README.md, line "),
    (["--workers", "0"], {}, "workers: Input should be greater than or equal to 1"),
    (["--workers", "2"], {}, "more than one worker needs a database that they can share"),
    (["--host", "no.such.host.invalid"], {}, "cannot listen on no.such.host.invalid"),
    ([], {"MOCKALOG_AUTHENTICATOR": "nonsense"}, "authenticator: must look like module:attribute"),
    ([], {"MOCKALOG_AUTHENTICATOR": "no_such:thing"}, "authenticator"),
    ([], {"MOCKALOG_AUTHENTICATOR": "mockalog:thing"}, "authenticator"),
    ([], {"MOCKALOG_AUTHENTICATOR": "os:sep"}, "authenticator: TypeError: 'str' object is not"),
    ([], {"MOCKALOG_AUTHENTICATOR": ".:x"}, "authenticator: TypeError"),
    ([], {"MOCKALOG_AUTHENTICATOR": "builtins:type"}, "returns no object with `authenticate`"),
    ([], {"MOCKALOG_PUBLIC_URL": "http://["}, "public_url: must be a URL with a host"),
    ([], {"MOCKALOG_PUBLIC_URL": "mock.test"}, "public_url: must be a URL with a host"),
    ([], {"MOCKALOG_PUBLIC_URL": "ftp://mock.test"}, "public_url: must be a URL with a host"),
    ([], {"MOCKALOG_PUBLIC_URL": "http:///x"}, "public_url: must be a URL with a host"),
    ([], {"MOCKALOG_PUBLIC_URL": "http://h:x"}, "public_url: must be a URL with a host"),
    ([], {"MOCKALOG_SECRETS": "[" * 10_000}, "secrets: is no JSON list"),
    ([], {"MOCKALOG_SECRETS": '["s3cret'}, "secrets: is no JSON list"),
]


@pytest.mark.parametrize(("flags", "variables", "line"), BAD_STARTS)
def test_a_failed_start_is_one_line_and_exit_code_2(
    flags: list[str], variables: dict[str, str], line: str
) -> None:
    """The line has no traceback and no password."""
    free = FREE_PORTS if "--port" not in flags else FREE_PORTS[2:]
    result = CliRunner().invoke(app, ["serve", *free, *flags], env=variables)

    assert result.exit_code == 2
    assert line in result.stderr
    assert result.stderr.count("\n") == 1
    assert "s3cret" not in result.stderr


def test_internal_settings_have_no_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The server itself sets the workers' folder and the authority."""
    monkeypatch.setenv("MOCKALOG_WORKERS_FOLDER", "/none")
    monkeypatch.setenv("MOCKALOG_CA_CERTIFICATE", "none")
    monkeypatch.setenv("MOCKALOG_PUBLIC_URL", "https://mock.test:8443/there/")

    settings = load_settings()

    assert (settings.workers_folder, settings.ca_certificate) == (None, None)
    assert settings.public_url == "https://mock.test:8443/there/"


def test_a_taken_port_is_one_line_and_exit_code_2() -> None:
    """The line has the port and its setting."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        flags = [*FREE_PORTS[:-1], str(port)]

        result = CliRunner().invoke(app, ["serve", *flags])

    assert result.exit_code == 2
    expected = f"mockalog: cannot listen on 127.0.0.1:{port} (attraqt): Address already in use\n"
    assert result.stderr == expected


@pytest.mark.parametrize(
    ("host", "called"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("::", "[::1]"),
        ("::1", "[::1]"),
        ("mock.test", "mock.test"),
    ],
)
def test_printed_addresses_can_be_called(host: str, called: str) -> None:
    """A wildcard address becomes a loopback address."""
    assert reachable(host) == called


def test_sigkill_loses_no_acknowledged_write(tmp_path: Path) -> None:
    """Every 201 is in the database after a new start."""
    url = f"sqlite:///{tmp_path}/a.db"
    acknowledged = set()
    with served("--database-url", url) as (process, addresses):
        settings = addresses["mockalog"] + "/_mockalog/settings"
        httpx.patch(settings, json={"rate_limits": "off"}, verify=NO_TLS)
        for name in stream(addresses["braze"]):
            acknowledged.add(name)
            if len(acknowledged) == 100:
                process.kill()

    with served("--database-url", url) as (_, addresses):
        assert names(addresses["braze"]) >= acknowledged
    assert len(acknowledged) >= 100


def test_sigkill_loses_no_accepted_job(tmp_path: Path) -> None:
    """Every 202 takes effect after a new start."""
    url = f"sqlite:///{tmp_path}/a.db"
    with served("--database-url", url) as (process, addresses):
        create(addresses["braze"], "shops")
        items = f"{addresses['braze']}/catalogs/shops/items"
        accepted = post(items, json={"items": [{"id": "one"}]}, headers=bearer("t"))
        process.kill()

    with served("--database-url", url) as (_, addresses):
        found = get(f"{addresses['braze']}/catalogs/shops/items/one", headers=bearer("t"))
    assert (accepted.status_code, found.status_code) == (202, 200)


def stream(url: str) -> Iterator[str]:
    """Create Braze catalogs until the server is gone; yield the name of each created one."""
    for number in itertools.count():
        name = f"shop-{number}"
        try:
            status = create(url, name)
        except httpx.TransportError:
            return
        if status == 201:
            yield name


@pytest.fixture(scope="module", params=["file", "postgresql"])
def addresses(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Addresses]:
    """Two workers that share a database."""
    url = f"sqlite:///{tmp_path_factory.mktemp('workers')}/shared.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("new_postgres_url")()
    with served("--database-url", url, "--migrate", "--workers", "2") as (_, addresses):
        yield addresses


@pytest.fixture
def token(addresses: Addresses) -> str:
    """The credential of a sandbox without rate limits."""
    token = uuid.uuid4().hex
    settings = addresses["mockalog"] + "/_mockalog/settings"
    httpx.patch(settings, json={"rate_limits": "off"}, headers=bearer(token), verify=NO_TLS)
    return token


class TestWorkers:
    """Several workers on one database; each test has its own sandbox."""

    def test_workers_keep_names_unique(self, addresses: Addresses, token: str) -> None:
        """Fifty concurrent creates through fifty connections give one 201 and no 500."""
        statuses = at_once(addresses["braze"], token)

        assert sorted(statuses) == [201] + [400] * 49
        assert names(addresses["braze"], token) == {"one"}

    def test_workers_share_the_vendors_limits_of_things(
        self, addresses: Addresses, token: str
    ) -> None:
        """Two Attraqt catalogs and one Squared name, through every worker."""
        catalogs = f"{addresses['attraqt']}/catalogs?tenant=a&environment=b"
        schemas = catalogs.replace("catalogs", "item-schemas")
        schema = {"name": "p", "attributes": [{"name": "a", "type": "TEXT"}]}
        assert post(schemas, json=schema, headers=bearer(token)).status_code == 200
        catalog = {"catalogItemSchemas": [{"name": "p", "version": 1}]}
        connector = {"name": "w", "connector_type": "source", "connector_name": "X"}
        connectors = f"{addresses['squared']}/api/v1/connectors"

        created = post_at_once(catalogs, catalog, token)
        named = post_at_once(connectors, {"connector": {**connector, "configuration": {}}}, token)

        assert created == [200] * 2 + [400] * 48
        assert named == [201] + [422] * 49

    def test_workers_share_rate_limits(self, addresses: Addresses) -> None:
        """Fifty calls a minute for both workers together."""
        token = uuid.uuid4().hex
        clock = addresses["mockalog"] + "/_mockalog/clock"
        httpx.put(clock, json={"mode": "frozen"}, headers=bearer(token), verify=NO_TLS)

        statuses = at_once(addresses["braze"], token, count=60)

        assert statuses.count(429) == 10

    def test_workers_share_the_item_count(self, addresses: Addresses, token: str) -> None:
        """Concurrent single and bulk writes lose nothing and count nothing twice."""
        create(addresses["braze"], "shops", token)
        items = f"{addresses['braze']}/catalogs/shops/items"

        def write(number: int) -> int:
            if number % 2:
                body: Any = {"items": [{"id": f"{number}-{n}"} for n in range(50)]}
                return post(items, json=body, headers=bearer(token)).status_code
            single = f"{items}/{number}"
            return post(single, json={"items": [{}]}, headers=bearer(token)).status_code

        with ThreadPoolExecutor(20) as threads:
            statuses = list(threads.map(write, range(40)))
        page = get(items, headers=bearer(token))
        [catalog] = get(f"{addresses['braze']}/catalogs", headers=bearer(token)).json()["catalogs"]

        assert sorted(statuses) == [201] * 20 + [202] * 20
        assert len(page.json()["items"]) == 50
        assert catalog["num_items"] == 20 + 20 * 50

    def test_workers_share_faults(self, addresses: Addresses, token: str) -> None:
        """Three of sixty calls fail after five that pass, through every worker."""
        faults = addresses["mockalog"] + "/_mockalog/faults"
        wanted = {"vendor": "braze", "status": 503, "times": 3, "after": 5}
        assert post(faults, json=wanted, headers=bearer(token)).status_code == 201

        statuses = at_once(addresses["braze"], token, count=60)

        assert statuses.count(503) == 3
        [fault] = get(faults, headers=bearer(token)).json()["faults"]
        assert (fault["fired"], fault["remaining"]) == (3, 0)

    def test_workers_share_the_journal(self, addresses: Addresses, token: str) -> None:
        """Every worker shows all requests, and a reset clears all journals."""
        server = addresses["mockalog"] + "/_mockalog"
        asked = 0
        processes: set[int] = set()
        while len(processes) < 2:  # either worker may accept a connection
            at_once(addresses["braze"], token, count=20)
            asked += 20
            for _ in range(5):
                found = get(f"{server}/requests", headers=bearer(token)).json()["requests"]
                assert len({exchange["id"] for exchange in found}) == asked
            processes = {exchange["id"] >> 30 for exchange in found}
            assert asked < 1000
        assert [x["at"] for x in found] == sorted(x["at"] for x in found)

        cleared = httpx.delete(f"{server}/requests", headers=bearer(token), verify=NO_TLS)

        assert cleared.json() == {"count": asked}
        for _ in range(5):
            assert get(f"{server}/requests/count", headers=bearer(token)).json() == {"count": 0}

    def test_a_wait_sees_requests_of_other_workers(self, addresses: Addresses, token: str) -> None:
        """It does not poll."""
        wait = f"{addresses['mockalog']}/_mockalog/requests/wait?count=30&timeout=20"
        with ThreadPoolExecutor(1) as threads:
            waiting = threads.submit(lambda: get(wait, headers=bearer(token), timeout=30))
            at_once(addresses["braze"], token, count=30)

            assert len(waiting.result().json()["requests"]) == 30


def post_at_once(url: str, body: Any, token: str, count: int = 50) -> list[int]:
    """Post one body through many concurrent connections; return the sorted statuses."""
    with ThreadPoolExecutor(count) as threads:
        answers = threads.map(lambda _: post(url, json=body, headers=bearer(token)), range(count))
        return sorted(answer.status_code for answer in answers)


def at_once(url: str, token: str, count: int = 50) -> list[int]:
    """Create one Braze catalog through many concurrent connections; return the statuses."""
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(lambda _: create(url, "one", token), range(count)))


def test_migrate_updates_a_database(new_postgres_url: Any) -> None:
    """Before it, `serve` refuses the database and names the command."""
    url, runner = new_postgres_url(), CliRunner()
    before = runner.invoke(app, ["serve", *FREE_PORTS, "--database-url", url])
    assert (before.exit_code, "mockalog migrate" in before.stderr) == (2, True)

    assert runner.invoke(app, ["migrate", "--database-url", url]).exit_code == 0

    with served("--database-url", url) as (_, addresses):
        assert create(addresses["braze"], uuid.uuid4().hex) == 201


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked as pip does."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=Path(__file__).parents[2], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return unpacked(wheel, folder)


def test_the_wheel_serves_and_migrates_without_the_source_tree(site: Path, tmp_path: Path) -> None:
    """The wheel contains the migrations."""
    script = (
        "import mockalog; assert '/site/' in mockalog.__file__; "
        "from mockalog.cli import main; main()"
    )
    empty = tmp_path / "empty"
    empty.mkdir()

    done = subprocess.run(
        [sys.executable, "-c", script, "migrate", "--database-url", f"sqlite:///{empty}/a.db"],
        cwd=empty,
        env={**unmeasured(), "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert (empty / "a.db").stat().st_size > 0


def test_the_wheel_registers_the_pytest_plugin(site: Path, tmp_path: Path) -> None:
    """No configuration is needed."""
    (tmp_path / "test_it.py").write_text("def test_it(braze): assert braze.client.get('/catalogs')")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**unmeasured(), "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
    )

    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout


def unmeasured() -> dict[str, str]:
    """Return the environment without coverage's variables: the wheel is not the measured source."""
    return {k: v for k, v in os.environ.items() if not k.startswith("COV")}


def unpacked(wheel: Path, folder: Path) -> Path:
    """Unpack a wheel as pip does; its path comes before the editable installation."""
    from zipfile import ZipFile

    target = folder / "site"
    with ZipFile(wheel) as archive:
        archive.extractall(target)
    assert (target / "mockalog" / "migrations" / "env.py").exists()
    return target
