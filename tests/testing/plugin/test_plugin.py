"""The pytest plugin, as a project that has mockalog installed meets it."""

import sys
from pathlib import Path
from textwrap import dedent

import pytest

import mockalog.kernel.database.migrations
import mockalog.kernel.database.postgres.database
import mockalog.kernel.documents.sources
import mockalog.kernel.state.transfer
import mockalog.testing.plugin
import mockalog.testing.plugin.session  # noqa: F401
from mockalog.testing import Mockalog

pytest_plugins = ["pytester"]

# The installed plugin is the one under test; it is named here because the source may be newer.
WITH_PLUGIN = (
    *("-p", "no:mockalog", "-p", "mockalog.testing.plugin", "-p", "no:randomly", "-q"),
    *("-p", "no:respx", "-p", "no:pytest_httpx"),
    # It was imported here already, where no assertion of it is rewritten.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)

SHOP = 'SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}\n'


@pytest.fixture(scope="module", autouse=True)
def _everything_is_imported() -> None:
    """Import before a pytester session: it removes the modules that it imported first."""
    with Mockalog() as mockalog:
        mockalog.preload()
        mockalog.braze.requests.count()


def run(pytester: pytest.Pytester, source: str, *flags: str) -> pytest.RunResult:
    """Run a test file in a session of this process."""
    pytester.makepyfile(SHOP + dedent(source))
    return pytester.runpytest_inprocess(*WITH_PLUGIN, *flags)


def test_each_test_has_its_own_sandbox(pytester: pytest.Pytester) -> None:
    """The three vendors of a test share it; the session has one server."""
    result = run(
        pytester,
        """
        import httpx, pytest

        @pytest.mark.parametrize("number", range(3))
        def test_push(number, braze, squared, attraqt, mockalog, mockalog_sandbox):
            assert braze.client.post("/catalogs", json=SHOP).status_code == 201
            assert braze.token == braze.api_key == squared.token == attraqt.token
            assert httpx.get(f"{braze.url}/catalogs", headers=braze.headers).status_code == 200
            assert braze.requests.count() == 2
            assert squared.client.get("/api/v1/workspaces").status_code == 200
            assert attraqt.client.get("/catalogs").status_code == 200
            assert mockalog_sandbox.requests.count() == 4
            assert mockalog.braze.requests.count() == 0
        """,
    )

    result.assert_outcomes(passed=3)


def test_the_contracts_example(pytester: pytest.Pytester) -> None:
    """Faults and the clock."""
    result = run(
        pytester,
        """
        import httpx, pytest

        def test_sync(braze):
            braze.client.post("/catalogs", json=SHOP)
            braze.fail_next("create_items", status=429)
            push = lambda: braze.client.post("/catalogs/shop/items", json={"items": [{"id": "1"}]})
            assert [push().status_code, push().status_code] == [429, 202]
            assert braze.requests.count(operation="create_items") == 2
            braze.settings["braze.async_delay"] = 60
            braze.client.delete("/catalogs/shop/items", params={})
            braze.clock.advance(60)

        def test_a_lost_answer(braze):
            braze.fail_next("create_catalog", phase="after", drop=True)
            with pytest.raises(httpx.RemoteProtocolError):
                braze.client.post("/catalogs", json=SHOP)
            assert braze.client.post("/catalogs", json=SHOP).status_code == 400

        def test_a_typo(braze):
            with pytest.raises(Exception, match="create_items"):
                braze.fail_next("creat_items")
            assert braze.faults.list() == []
        """,
    )

    result.assert_outcomes(passed=3)


def test_a_signup_stays_in_the_tests_sandbox(pytester: pytest.Pytester) -> None:
    """Several tests may use one email address; journals and faults apply."""
    result = run(
        pytester,
        """
        import httpx, pytest

        ACCOUNT = {"name": "U", "email": "u@x.io", "password": "Secret1!", "company_name": "X"}
        ACCOUNT["password_confirmation"] = ACCOUNT["password"]

        @pytest.mark.parametrize("by_name", [False, True, False])
        def test_signup(by_name, squared):
            headers = {"X-Mockalog-Sandbox": squared.sandbox_name} if by_name else squared.headers
            with httpx.Client(base_url=squared.url, headers=headers) as client:
                come_in(squared, client)

        def come_in(squared, client):
            assert client.post("/api/v1/signup", json=ACCOUNT).status_code == 201
            squared.fail_next("login", status=500)
            login = lambda: client.post("/api/v1/login", json=ACCOUNT)
            assert login().status_code == 500
            squared.client.headers["Authorization"] = f"Bearer {login().json()['data']['id']}"
            me = squared.client.get("/api/v1/users/me").json()["data"]
            assert me["attributes"]["email"] == "u@x.io"
            assert squared.requests.count() == 4
        """,
    )

    result.assert_outcomes(passed=3)


def test_the_marker_sets_the_initial_state(pytester: pytest.Pytester) -> None:
    """The test's marker wins over its class's; their settings are merged."""
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.mockalog(settings={"rate_limits": "off", "braze.async_delay": 1}, frozen=True)
        class TestIt:
            @pytest.mark.mockalog(settings={"braze.async_delay": 2}, frozen="2025-03-01")
            def test_near(self, braze):
                assert braze.settings["rate_limits"] == "off"
                assert braze.settings["braze.async_delay"] == 2
                assert str(braze.clock.now()) == "2025-03-01 00:00:00+00:00"

            def test_far(self, braze):
                assert braze.clock.show()["mode"] == "frozen"

        def test_none(braze):
            assert braze.clock.show()["mode"] == "real"
        """,
    )

    result.assert_outcomes(passed=3)


def test_two_tests_may_register_one_credential(pytester: pytest.Pytester) -> None:
    """A test's credentials are removed at its end, those of its seed too."""
    known = "mockalog: 1\ncredentials: [{vendor: braze, token: reader}]\n"
    pytester.path.joinpath("seed.yaml").write_text(known)
    result = run(
        pytester,
        """
        import httpx
        import pytest

        @pytest.mark.mockalog(seed="seed.yaml")
        @pytest.mark.parametrize("number", [1, 2])
        def test_it(braze, number):
            braze.client.post("/catalogs", json={"catalogs": [
                {"name": f"c{number}", "fields": [{"name": "id", "type": "string"}]}
            ]})
            headers = {"Authorization": "Bearer reader"}
            found = httpx.get(f"{braze.url}/catalogs", headers=headers).json()["catalogs"]
            assert [catalog["name"] for catalog in found] == [f"c{number}"]
        """,
    )

    result.assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("marker", "line"),
    [
        (
            "seeds=1",
            "does not take seeds; it takes allow_unfired, allow_unmatched, frozen, seed",
        ),
        ("'x'", "does not take 'x'"),
        ("settings={'rate_limit': 'off'}", "mockalog: *rate_limit*"),
        ("seed='none.json'", "mockalog: *none.json*"),
        ("seed=3", "(seed=…) takes a file's path or a document, not 3"),
        ("settings='off'", "(settings=…) takes a dictionary of settings, not 'off'"),
        ("frozen=1", "(frozen=…) takes True or an instant, not 1"),
        ("frozen='yesterday'", "mockalog: 'yesterday' is not an instant*"),
        ("allow_unmatched='no'", "(allow_unmatched=…) takes True or False, not 'no'"),
    ],
)
def test_an_invalid_marker_is_one_line(pytester: pytest.Pytester, marker: str, line: str) -> None:
    """It is an error at setup, without a traceback of the plugin."""
    result = run(
        pytester,
        f"""
        import pytest

        @pytest.mark.mockalog({marker})
        def test_it(braze):
            pass
        """,
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{line}*"])
    result.stdout.no_fnmatch_line("*session.py*")


def test_a_strict_session_accepts_only_the_tests_credentials(pytester: pytest.Pytester) -> None:
    """Another key is refused, and it opens no shared sandbox."""
    source = """
        import httpx

        def test_own_key(braze):
            own = {"Authorization": "Bearer of-the-configuration"}
            assert httpx.get(braze.url + "/catalogs", headers=own).status_code == 401

        def test_tests_keys(braze, squared, attraqt):
            assert braze.client.get("/catalogs").status_code == 200
            assert squared.user("mia@example.com").get("/api/v1/connectors").status_code == 200
            form = {"grant_type": "client_credentials"}
            secret = (attraqt.client_id, attraqt.client_secret)
            assert httpx.post(attraqt.token_url, data=form, auth=secret).status_code == 200

        import pytest

        @pytest.mark.mockalog(settings={"nonsense": 1})
        def test_that_does_not_begin(braze):
            pass
        """
    pytester.makeini("[pytest]\nmockalog_auth = strict")

    run(pytester, source).assert_outcomes(passed=2, errors=1)
    with Mockalog(auth="strict") as elsewhere:
        there = f"--mockalog-url={elsewhere.url}"
        run(pytester, source, there).assert_outcomes(passed=2, errors=1)
        assert {one["sandbox"] for one in elsewhere.credentials.list()} == {
            elsewhere.braze.sandbox_name
        }
        assert elsewhere.requests.count(operation="list_catalogs") == 1  # refused
    nonsense = run(pytester, source, "--mockalog-auth=lax")
    nonsense.assert_outcomes(errors=3)
    nonsense.stdout.fnmatch_lines(["*mockalog: auth: *'open' or 'strict'*"])


STRAY = """
import pytest

def test_stray(braze):
    braze.client.get("/catalogues")

@pytest.mark.mockalog(allow_unmatched=True)
def test_allowed(braze):
    braze.client.get("/catalogues")

def test_proper(braze):
    braze.client.get("/catalogs")
"""


def test_an_unmatched_request_fails_the_test_at_teardown(pytester: pytest.Pytester) -> None:
    """The report has the request and the closest operations; other tests pass."""
    result = run(pytester, STRAY)

    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR at teardown of test_stray*", "*braze*GET /catalogues*404*", "*GET /catalogs*"]
    )


def test_an_unmatched_request_without_a_credential_fails_the_test(
    pytester: pytest.Pytester,
) -> None:
    """On the session's own server only the running test can have sent it."""
    result = run(
        pytester,
        """
        import httpx, pytest

        @pytest.mark.mockalog(allow_unmatched=True)
        def test_allowed(braze):
            httpx.get(braze.url + "/catalogues")

        def test_proper(braze):
            pass

        def test_stray(braze):
            httpx.get(braze.url + "/catalogz")
        """,
    )

    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_stray*", "*GET /catalogz*"])
    result.stdout.no_fnmatch_line("*GET /catalogues*")


def test_unmatched_requests_before_a_reset_count(pytester: pytest.Pytester) -> None:
    """Before a restore or an import too, of the sandbox or of the whole server."""
    result = run(
        pytester,
        """
        import pytest

        def test_reset(braze):
            braze.client.get("/catalogue1")
            braze.reset()
            braze.client.get("/catalogue2")

        def test_restore(braze):
            with braze.snapshot("before"):
                braze.client.get("/catalogue3")

        def test_import(braze):
            state = braze.export_state()
            braze.client.get("/catalogue4")
            braze.import_state(state)

        def test_server(braze, mockalog):
            braze.client.get("/catalogue5")
            mockalog.reset()

        def test_cleared(braze):
            braze.client.get("/catalogue6")
            braze.reset()
            braze.requests.clear()

        def test_refused(braze):
            with pytest.raises(Exception):
                braze.reset("snapshot:none")
        """,
    )

    result.assert_outcomes(passed=6, errors=4)
    told = [line.split()[2] for line in result.outlines if " was answered with 404" in line]
    assert told == [f"/catalogue{number}" for number in range(1, 6)]


def test_the_check_of_unmatched_requests_can_be_turned_off(pytester: pytest.Pytester) -> None:
    """For the project or for one run; an invalid value is refused."""
    pytester.makeini("[pytest]\nmockalog_unmatched = ignore")
    run(pytester, STRAY).assert_outcomes(passed=3)
    run(pytester, STRAY, "--mockalog-unmatched=error").assert_outcomes(passed=3, errors=1)
    nonsense = run(pytester, STRAY, "--mockalog-unmatched=perhaps")
    nonsense.stdout.fnmatch_lines(["*mockalog_unmatched is `error` or `ignore`, not `perhaps`"])


IDLE = """
import pytest

def test_idle(braze):
    braze.client.get("/catalogs")
    braze.fail_next("create_items", status=429, after=2)

def test_nothing_called(squared):
    squared.fail_next("login", path="/api/v1/login", drop=True)

@pytest.mark.mockalog(allow_unfired=True)
def test_allowed(braze):
    braze.fail_next("create_items")

def test_fired(braze, mockalog):
    braze.fail_next("list_catalogs", times=3)
    assert braze.client.get("/catalogs").status_code == 500
    mockalog.faults.arm("braze", "create_items")

def test_disarmed(braze):
    braze.fail_next("list_catalogs")
    braze.faults.clear()

def test_restored(braze):
    with braze.snapshot():
        braze.fail_next("list_catalogs")
        with braze.snapshot("armed"):
            assert braze.client.get("/catalogs").status_code == 500

SEED = {"mockalog": 1, "credentials": [{"vendor": "braze", "token": "everybodys"}]}

@pytest.mark.mockalog(seed=SEED)
def test_failed(braze):
    braze.client.get("/catalogues")
    braze.fail_next("list_catalogs")
    raise LookupError

@pytest.mark.mockalog(seed=SEED)
def test_the_same_credentials(braze):
    pass

@pytest.mark.mockalog(seed=SEED, settings={"nonsense": 1})
def test_wrong_settings(braze):
    pass

def test_both(braze):
    braze.client.get("/both")
    braze.fail_next("list_catalogs")
"""


def test_an_unfired_fault_can_fail_the_test(
    pytester: pytest.Pytester,
) -> None:
    """The report has the calls instead. Faults of the whole server do not count.

    A failed test is not checked, and its credentials are removed.
    """
    run(pytester, IDLE).assert_outcomes(passed=8, failed=1, errors=3)
    pytester.makeini("[pytest]\nmockalog_unfired = error")

    result = run(pytester, IDLE)

    result.assert_outcomes(passed=8, failed=1, errors=5)
    result.stdout.fnmatch_lines(
        [
            "*ERROR at teardown of test_idle*",
            "mockalog: 1 armed fault never fired:",
            "  braze: create_items, phase before, status 429, after 2, times 1",
            "  the calls: list_catalogs (1)",
            "*ERROR at teardown of test_nothing_called*",
            "  squared: login, path /api/v1/login, phase before, drop True, times 1",
            "  the calls: none",
            "*ERROR at teardown of test_both*",
            "mockalog: 1 request matches no operation:",
            "1 armed fault never fired:",
        ]
    )
    nonsense = run(pytester, IDLE, "--mockalog-unfired=perhaps")
    nonsense.stdout.fnmatch_lines(["*mockalog_unfired is `error` or `ignore`, not `perhaps`"])


def test_settings_of_every_sandbox_and_the_database(
    pytester: pytest.Pytester, tmp_path: Path
) -> None:
    """A reset restores these settings."""
    lines = ("mockalog_settings =", "  rate_limits = off", "  braze.async_delay = 5")
    pytester.makeini("\n".join(["[pytest]", *lines, "mockalog_url ="]))
    result = run(
        pytester,
        """
        def test_it(braze):
            braze.reset()
            assert braze.settings["rate_limits"] == "off"
            assert braze.settings["braze.async_delay"] == 5
        """,
        f"--mockalog-database-url=sqlite:///{tmp_path}/a.db",
    )

    result.assert_outcomes(passed=1)
    assert (tmp_path / "a.db").exists()


SEED = """
mockalog: 1
braze:
  catalogs:
    - {name: seeded, fields: [{name: id, type: string}]}
"""
SEEDED = """
import pytest

def names(braze):
    return [catalog["name"] for catalog in braze.client.get("/catalogs").json()["catalogs"]]

def test_it(mockalog, braze):
    assert names(braze) == ["seeded"]
    braze.client.delete("/catalogs/seeded")
    braze.reset()
    assert names(braze) == ([] if mockalog.attached else ["seeded"])
    assert names(mockalog.sandbox().braze) == ([] if mockalog.attached else ["seeded"])

@pytest.mark.mockalog(seed={"mockalog": 1, "braze": SHOP})
def test_more(braze):
    assert names(braze) == ["seeded", "shop"]
"""


@pytest.fixture
def seeded(pytester: pytest.Pytester) -> Path:
    """A project with a seed and its tests in folders."""
    pytester.makeini("[pytest]\nmockalog_seed = tests/seed.yaml")
    tests = pytester.mkdir("tests")
    (tests / "seed.yaml").write_text(SEED)
    (tests / "test_it.py").write_text(SHOP + SEEDED)
    return tests


def test_every_sandbox_starts_with_the_sessions_seed(
    pytester: pytest.Pytester, seeded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From every working directory; a marker adds to it, and a reset restores it."""
    monkeypatch.chdir(seeded)
    pytester.runpytest_inprocess(*WITH_PLUGIN).assert_outcomes(passed=2)
    other = seeded.parent / "other.yaml"
    other.write_text(SEED.replace("seeded", "another"))
    flagged = pytester.runpytest_inprocess(*WITH_PLUGIN, "--mockalog-seed=../other.yaml")
    flagged.stdout.fnmatch_lines(["*assert *'another'* == *'seeded'*"])


def test_a_persistent_database_is_seeded_in_one_session(
    pytester: pytest.Pytester, seeded: Path
) -> None:
    """The next session finds the seed."""
    database = f"--mockalog-database-url=sqlite:///{seeded}/a.db"
    for _ in range(2):
        pytester.runpytest_inprocess(*WITH_PLUGIN, database).assert_outcomes(passed=2)


def test_on_a_remote_server_each_tests_sandbox_is_seeded(
    pytester: pytest.Pytester, seeded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other sandboxes are not."""
    with Mockalog() as mockalog:
        monkeypatch.setenv("MOCKALOG_URL", mockalog.url)
        pytester.runpytest_inprocess(*WITH_PLUGIN).assert_outcomes(passed=2)

        assert mockalog.braze.client.get("/catalogs").json()["catalogs"] == []


@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize(
    ("text", "line"),
    [(None, "seed.yaml*No such file*"), ("mockalog: 1\nbrase: 1", "seed.yaml, line 2: brase: *")],
)
def test_an_invalid_session_seed_is_one_line(
    pytester: pytest.Pytester,
    seeded: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str | None,
    line: str,
    elsewhere: bool,
) -> None:
    """With file, line and field."""
    (seeded / "seed.yaml").unlink()
    if text is not None:
        (seeded / "seed.yaml").write_text(text)
    with Mockalog() as mockalog:
        if elsewhere:
            monkeypatch.setenv("MOCKALOG_URL", mockalog.url)
        result = pytester.runpytest_inprocess(*WITH_PLUGIN)

    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines([f"mockalog: *{line}"])


def test_an_unreachable_server_is_one_line(pytester: pytest.Pytester) -> None:
    """For each test that needs it."""
    result = run(pytester, "def test_it(braze): pass", "--mockalog-url=http://127.0.0.1:1")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["mockalog: no mockalog answers at http://127.0.0.1:1: *"])


def test_an_address_wins_over_the_database_option(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The variable too."""
    pytester.makeini(f"[pytest]\nmockalog_database_url = sqlite:///{tmp_path}/a.db")
    with Mockalog() as mockalog:
        monkeypatch.setenv("MOCKALOG_URL", mockalog.url)
        result = run(
            pytester,
            f"def test_it(mockalog, braze): assert mockalog.url == {mockalog.url!r}",
        )

    result.assert_outcomes(passed=1)
    assert not (tmp_path / "a.db").exists()


def test_a_projects_own_fixture_wins(pytester: pytest.Pytester) -> None:
    """No server is started for it."""
    pytester.makeconftest("import pytest\n@pytest.fixture\ndef braze(): return 'mine'")

    run(pytester, "def test_it(braze): assert braze == 'mine'").assert_outcomes(passed=1)


def test_the_plugin_imports_nothing_heavy(pytester: pytest.Pytester) -> None:
    """Every session of a project with mockalog installed imports the plugin."""
    pytester.makeconftest(
        """
        import sys

        def pytest_sessionfinish():
            heavy = {"fastapi", "sqlalchemy", "pydantic", "httpx", "uvicorn", "orjson", "typer"}
            print("imported:", sorted(heavy & set(sys.modules)))
        """
    )
    pytester.makepyfile("def test_it(): pass")
    command = (sys.executable, "-m", "pytest", *WITH_PLUGIN, "-s")

    pytester.run(*command).stdout.fnmatch_lines(["*imported: []"])


def test_four_processes_and_two_hundred_tests_on_one_server(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests share no rows, clock or settings; their sandboxes are emptied at the end."""
    pytester.makeini("[pytest]\nmockalog_settings = rate_limits = off")
    pytester.makepyfile(
        SHOP
        + """
import pytest

@pytest.mark.parametrize("number", range(200))
def test_push(number, braze):
    assert braze.settings["rate_limits"] == "off"
    assert braze.client.get("/catalogs").json()["catalogs"] == []
    assert braze.client.post("/catalogs", json=SHOP).status_code == 201
    braze.clock.freeze()
    assert braze.requests.count() == 2
"""
    )
    with Mockalog() as mockalog:
        monkeypatch.setenv("MOCKALOG_URL", mockalog.url)
        result = pytester.runpytest_subprocess(*WITH_PLUGIN, "-n", "4")

        result.assert_outcomes(passed=200)
        assert mockalog.settings["rate_limits"] == "vendor"
        assert mockalog.requests.count() == 0
