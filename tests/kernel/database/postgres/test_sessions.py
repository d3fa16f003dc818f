"""Sessions of PostgreSQL: the settings of the server's owner change nothing."""

from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg
import pytest
from sqlalchemy import bindparam, text

from mockalog.kernel.database.interfaces import DatabaseConfigurationError, Query
from mockalog.kernel.database.migrations import migration_engine, prepare
from mockalog.kernel.database.postgres.sessions import NEWER, SETTINGS, options_of
from mockalog.kernel.database.urls import parse_url
from tests.emulation import Emulation, emulate
from tests.kernel.database.postgres.poolers import pooled


class SettingRow(NamedTuple):
    """The value of a setting."""

    setting: str


SETTING = Query(
    text("SELECT current_setting(:name) AS setting").bindparams(bindparam("name")), SettingRow
)

# Each setting, and a value that breaks calls.
BREAKING = {
    "default_transaction_isolation": "serializable",
    "default_transaction_read_only": "on",
    "default_transaction_deferrable": "on",
    "statement_timeout": "1",
    "lock_timeout": "1",
    "idle_in_transaction_session_timeout": "1",
    "exit_on_error": "on",
    "standard_conforming_strings": "off",
    "extra_float_digits": "-15",
    "client_encoding": "LATIN1",
    "idle_session_timeout": "100",
    "transaction_timeout": "100",
}
EXPECTED = {**SETTINGS, **{name: value for name, (value, _) in NEWER.items()}}
WRITERS = 20


def alter(url: str, **settings: str) -> str:
    """Set settings of a database; return its URL."""
    name = parse_url(url).database
    with psycopg.connect(url, autocommit=True) as connection:
        for setting, value in settings.items():
            statement = f"ALTER DATABASE \"{name}\" SET {setting} = '{value}'"
            connection.execute(statement.encode())
    return url


def settings_in(emulation: Emulation) -> dict[str, str]:
    """Return the settings in a session of the app."""

    async def read() -> dict[str, str]:
        async with emulation.runtime.database.transaction() as connection:
            found = {}
            for name in EXPECTED:
                row = await connection.first(SETTING, {"name": name})
                found[name] = row.setting if row else ""
            return found

    found: dict[str, str] = emulation.run(read)
    return found


def created_at_once(emulation: Emulation) -> list[int]:
    """Create catalogs of one sandbox at once; return the statuses."""
    client = emulation.client("/braze")
    fields = [{"name": "id", "type": "string"}]
    bodies = [{"catalogs": [{"name": f"c{n}", "fields": fields}]} for n in range(WRITERS)]
    requests = [client.build_request("POST", "/catalogs", json=body) for body in bodies]
    return [answer.status_code for answer in emulation.at_once(client, requests)]


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_concurrent_writes_succeed_under_any_default_isolation(
    new_postgres_url: Callable[[], str], level: str
) -> None:
    """Each transaction asks for READ COMMITTED."""
    url = alter(new_postgres_url(), default_transaction_isolation=level)

    with emulate(database_url=url, migrate=True) as emulation:
        assert created_at_once(emulation) == [201] * WRITERS


def test_the_settings_of_a_database_do_not_apply(new_postgres_url: Callable[[], str]) -> None:
    """Neither to migrations nor to calls."""
    url = alter(new_postgres_url(), **BREAKING)

    with emulate(database_url=url, migrate=True) as emulation:
        assert settings_in(emulation) == EXPECTED
        assert created_at_once(emulation) == [201] * WRITERS
        name = emulation.client("/braze").post(
            "/catalogs",
            json={"catalogs": [{"name": "é", "fields": [{"name": "id", "type": "string"}]}]},
        )
        assert name.status_code == 400  # and no error of an encoding


@pytest.mark.parametrize("place", ["url", "variable"])
def test_the_options_of_the_user_stay_but_not_those_that_break_calls(
    new_postgres_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """They may be in the URL or in PGOPTIONS."""
    url, options = new_postgres_url(), "-c statement_timeout=1 -c work_mem=123kB"
    if place == "variable":
        monkeypatch.setenv("PGOPTIONS", options)
    else:
        url += f"&options={options.replace(' ', '%20')}&client_encoding=latin1"

    with emulate(database_url=url, migrate=True) as emulation:

        async def work_mem() -> Any:
            async with emulation.runtime.database.transaction() as connection:
                return await connection.first(SETTING, {"name": "work_mem"})

        assert emulation.run(work_mem).setting == "123kB"
        assert settings_in(emulation) == EXPECTED


def test_a_schema_of_the_url_holds_the_tables(new_postgres_url: Callable[[], str]) -> None:
    """The search path is the user's choice."""
    url = new_postgres_url()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA mine")
        with emulate(database_url=f"{url}&options=-csearch_path%3Dmine", migrate=True) as emulation:
            assert created_at_once(emulation) == [201] * WRITERS
        row: Any = connection.execute("SELECT count(*) FROM mine.braze_catalogs").fetchone()

    assert row[0] == WRITERS


def test_a_search_path_without_a_schema_is_one_line(new_postgres_url: Callable[[], str]) -> None:
    """Tables would have no place."""
    url = alter(new_postgres_url(), search_path="")

    with pytest.raises(
        DatabaseConfigurationError, match=r"^the database cannot be used: no schema"
    ):
        prepare(url, migrates=True)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "EUC_JP"])
@pytest.mark.parametrize("migrates", [True, False])
def test_another_encoding_than_utf8_is_one_line(
    postgres: Any, encoding: str, migrates: bool
) -> None:
    """Before any table is created."""
    name = f"{encoding.lower()}_{migrates}"
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        options = f"ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
        connection.execute(f'CREATE DATABASE "{name}" {options}'.encode())

    with pytest.raises(DatabaseConfigurationError) as problem:
        prepare(postgres.get_uri(database=name), migrates=migrates)

    assert str(problem.value) == (
        f"the PostgreSQL database has the encoding {encoding}: create one with ENCODING 'UTF8'"
    )


@pytest.mark.parametrize("refuses", [True, False])
def test_a_pooler_may_refuse_or_ignore_the_options(
    new_postgres_url: Callable[[], str], refuses: bool
) -> None:
    """Each first connection finds out; the later ones do not try again."""
    with (
        pooled(new_postgres_url(), refuses=refuses) as (pooler, url),
        emulate(database_url=url, migrate=True) as emulation,
    ):
        assert created_at_once(emulation) == [201] * WRITERS
        assert pooler.refused == (2 if refuses else 0)


@pytest.mark.parametrize("refuses", [True, False])
def test_behind_a_pooler_a_setting_that_breaks_calls_is_one_line(
    new_postgres_url: Callable[[], str], refuses: bool
) -> None:
    """With the statement that repairs it."""
    direct = alter(new_postgres_url(), default_transaction_isolation="serializable")

    with (
        pooled(direct, refuses=refuses) as (_, url),
        pytest.raises(DatabaseConfigurationError) as problem,
    ):
        prepare(url, migrates=True)

    assert str(problem.value) == (
        "PostgreSQL's default_transaction_isolation is serializable, and a connection pooler keeps "
        "it so: use ALTER ROLE … SET default_transaction_isolation = 'read committed'"
    )


def test_connections_have_the_settings_without_a_statement() -> None:
    """The startup packet has them; the settings of newer servers only if these are known."""
    url = parse_url("postgresql://h/d?options=-c%20a%3D1")

    older, newer = options_of(url)["options"], options_of(url, 170000)["options"]

    assert older.startswith("-c a=1 -c default_transaction_isolation=read\\ committed")
    assert newer == f"{older} -c idle_session_timeout=0 -c transaction_timeout=0"


def test_engines_of_migrations_have_the_settings(new_postgres_url: Callable[[], str]) -> None:
    """Alembic's own command uses one, too."""
    engine = migration_engine(alter(new_postgres_url(), **BREAKING))

    with engine.begin() as connection:
        found = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in EXPECTED
            if name != "client_encoding"
        }
    engine.dispose()

    assert found == EXPECTED
