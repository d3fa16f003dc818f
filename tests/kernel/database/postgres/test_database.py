"""PostgreSQL: values that it cannot store, and connections after a restart of the server."""

from typing import Any

import psycopg
import pytest

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.errors import UnstorableValueError
from tests.emulation import emulate


def test_nul_in_a_text_is_unstorable(new_postgres_url: Any) -> None:
    """PostgreSQL's texts cannot contain NUL."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:

        async def work() -> None:
            async with emulation.runtime.database.transaction() as connection:
                await Repository(connection, 1_000_001).lock("a\x00b")

        with pytest.raises(UnstorableValueError):
            emulation.run(work)


def test_a_call_after_a_restart_of_the_server_succeeds(new_postgres_url: Any) -> None:
    """Connections that the server has closed are replaced."""
    url = new_postgres_url()
    with emulate(database_url=url, migrate=True) as emulation:
        client = emulation.client("/braze")
        before = client.get("/catalogs")
        with psycopg.connect(url, autocommit=True) as other:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            ended = other.execute(
                f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}"
            ).fetchall()
        after = client.get("/catalogs")

    assert ended
    assert (before.status_code, after.status_code) == (200, 200)


def test_a_server_that_does_not_respond_is_not_ready(
    new_postgres_url: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here another session has locked a table."""
    monkeypatch.setattr("mockalog.kernel.database.postgres.database.CHECK_SECONDS", 0.05)
    url = new_postgres_url()
    with emulate(database_url=url, migrate=True) as emulation:
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE series")
            stuck = emulation.control().get("/ready")
        after = emulation.control().get("/ready")

    assert (stuck.status_code, after.status_code) == (503, 200)
    assert stuck.json()["detail"].endswith("PostgreSQL does not respond within 0.05 s")
