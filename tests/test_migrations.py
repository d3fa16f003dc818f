"""Migrations: they give the same schema as the metadata, and they can be taken back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from mockalog.kernel.database.migrations import (
    downgrade,
    is_current,
    migration_engine,
    scripts,
    upgrade,
)
from mockalog.kernel.formats.json import loads
from mockalog.schema import metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind."""
    url = (
        f"sqlite:///{tmp_path}/a.db"
        if request.param == "sqlite"
        else request.getfixturevalue("new_postgres_url")()
    )
    engine = migration_engine(url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    """Return the names of the tables that there are."""
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def shape(engine: Engine) -> dict[str, Any]:
    """Return the tables as the database describes them."""
    inspector = inspect(engine)
    return {
        name: {
            "columns": [(c["name"], str(c["type"]), c["nullable"]) for c in columns],
            "key": inspector.get_pk_constraint(name),
            "unique": sorted(map(str, inspector.get_unique_constraints(name))),
            "indexes": sorted(map(_index, inspector.get_indexes(name))),
            "checks": sorted(map(str, inspector.get_check_constraints(name))),
            "foreign": sorted(map(str, inspector.get_foreign_keys(name))),
        }
        for name in tables(engine)
        for columns in [inspector.get_columns(name)]
    }


def _index(index: Any) -> str:
    """Return an index as text; its condition comes as an object with no equality."""
    where = {key: str(value) for key, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": where})


def test_migrations_and_metadata_give_the_same_schema(engine: Engine) -> None:
    """Persistent and ephemeral databases do not differ."""
    with engine.begin() as connection:
        upgrade(connection)
    migrated = shape(engine)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        downgrade(connection)
    with engine.begin() as connection:
        metadata.create_all(connection)

    assert shape(engine) == migrated


def test_up_down_and_up_again(engine: Engine) -> None:
    """Nothing is left in between."""
    for _ in range(2):
        with engine.begin() as connection:
            upgrade(connection)
        with engine.begin() as connection:
            assert is_current(connection)
        assert tables(engine) == set(metadata.tables)

        with engine.begin() as connection:
            downgrade(connection)
        assert tables(engine) == set()


def test_a_failed_migration_leaves_nothing_on_postgresql(new_postgres_url: Any) -> None:
    """Schema changes are one transaction."""
    engine = migration_engine(new_postgres_url())

    def up_and_fail() -> None:
        with engine.begin() as connection:
            upgrade(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        up_and_fail()

    assert tables(engine) == set()
    engine.dispose()


def test_alembic_works_by_hand_in_the_source_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the URL from the variable, as `alembic.ini` has none."""
    from alembic import command
    from alembic.config import Config

    monkeypatch.setenv("MOCKALOG_DATABASE_URL", f"sqlite:///{tmp_path}/a.db")
    config = Config(scripts().parent / "alembic.ini")

    command.upgrade(config, "head")

    engine = migration_engine(f"sqlite:///{tmp_path}/a.db")
    assert tables(engine) == set(metadata.tables)
    engine.dispose()


def test_a_catalog_of_the_first_release_keeps_its_fields(engine: Engine) -> None:
    """Its tokens are counted, so that a field that is added gets the next one."""
    with engine.begin() as connection:
        upgrade(connection, "0001")
        connection.execute(
            text(
                "INSERT INTO braze_catalogs (sandbox_id, name, description, fields, num_items,"
                " storage_size, updated_at) VALUES (1, 'shops', 'null', :fields, 0, 0, 0)"
            ),
            {
                "fields": '[{"name":"id","token":"-1","type":"string"},'
                '{"name":"token","token":"0","type":"string"}]'
            },
        )
    with engine.begin() as connection:
        upgrade(connection)
        row = connection.execute(text("SELECT * FROM braze_catalogs")).one()

    assert (row.tokens, row.drops, row.selections, row.last_position) == (1, 0, "[]", 0)


def test_a_catalog_of_an_earlier_release_gets_its_ledger(engine: Engine) -> None:
    """Without one it could take no items; its creation stands in the feedback."""
    with engine.begin() as connection:
        upgrade(connection, "0002")
        connection.execute(
            text(
                "INSERT INTO attraqt_catalogs (sandbox_id, tenant, environment, version, slot,"
                " state, document) VALUES (1, 'acme', 'live1', 7, 1, 'INACTIVE', :document)"
            ),
            {"document": '{"createdAt":"1970-01-01T00:00:01.000002Z"}'},
        )
    with engine.begin() as connection:
        upgrade(connection)
        row = connection.execute(text("SELECT * FROM attraqt_ledgers")).one()

    assert (row.tenant, row.version, row.created_at) == ("acme", 7, 1_000_002)
    assert (bool(row.is_open), row.num_items, len(row.receipt_id)) == (True, 0, 36)


def test_what_an_older_release_put_into_a_batch_stays(engine: Engine) -> None:
    """Its receipts and its ingestions' updates could not be found before, and are not now."""
    operation = '["upsert","A1","product","","",7,{},false]'
    configuration = '["b",1,0,0,"",false,true]'
    with engine.begin() as connection:
        upgrade(connection, "0004")
        connection.execute(text(f"INSERT INTO attraqt_batch_items VALUES (1, 2, 3, '{operation}')"))
        connection.execute(
            text(
                "INSERT INTO attraqt_ingestions (sandbox_id, tenant, environment, name, status,"
                " configuration, result, created_at, due_at)"
                " VALUES (1, 'acme', 'live1', 'i', 'completed', :configuration, '{}', 0, 0)"
            ),
            {"configuration": configuration},
        )
    with engine.begin() as connection:
        upgrade(connection)
        item = connection.execute(text("SELECT * FROM attraqt_batch_items")).one()
        ingestion = connection.execute(text("SELECT * FROM attraqt_ingestions")).one()

    assert (loads(item.operation)["id"], item.receipt_id) == ("A1", "")
    assert (ingestion.ledger_id, ingestion.first_update) == (0, None)
    assert (ingestion.batch_id, ingestion.size) == (0, 0)


def test_a_user_of_an_older_release_counts_as_verified(engine: Engine) -> None:
    """Nobody was asked to verify an address then."""
    with engine.begin() as connection:
        upgrade(connection, "0003")
        connection.execute(
            text(
                "INSERT INTO squared_users (sandbox_id, id, name, email, failed_logins, created_at)"
                " VALUES (1, 1, 'Mia', 'm@x.io', 0, 7)"
            )
        )
    with engine.begin() as connection:
        upgrade(connection)
        row = connection.execute(text("SELECT * FROM squared_users")).one()

    assert (row.confirmed_at, row.confirmation_token, row.reset_digest) == (7, None, None)


def test_an_ingestion_that_waits_finds_its_batch(engine: Engine) -> None:
    """And what was stored as a list is an object, digit by digit, until it is taken back."""
    operation = '["upsert","A1","product","","",7,{"price":0.10000000000000000000001},false]'
    configuration = '["b",1,0,0,"",false,true]'
    with engine.begin() as connection:
        upgrade(connection, "0009")
        for statement in (
            "INSERT INTO attraqt_batches (sandbox_id, id, tenant, environment, name, created_at,"
            " last_item) VALUES (1, 4, 'acme', 'live1', 'b', 0, 1)",
            "INSERT INTO attraqt_batch_items (sandbox_id, batch_id, position, operation,"
            " receipt_id) VALUES (1, 4, 0, :operation, 'r')",
            "INSERT INTO attraqt_ingestions (sandbox_id, id, tenant, environment, name, status,"
            " configuration, result, created_at, due_at, ledger_id)"
            " VALUES (1, 2, 'acme', 'live1', 'i', 'pending', :configuration, '{}', 0, 9, 1)",
        ):
            known = {"operation": operation, "configuration": configuration}
            values = {name: value for name, value in known.items() if f":{name}" in statement}
            connection.execute(text(statement), values)

    def rows() -> tuple[Any, Any]:
        with engine.begin() as connection:
            ingestion = connection.execute(text("SELECT * FROM attraqt_ingestions")).one()
            entry = connection.execute(text("SELECT * FROM attraqt_batch_items")).one()
        return ingestion, entry.operation

    with engine.begin() as connection:
        upgrade(connection, "0010")
    ingestion, stored = rows()
    assert (ingestion.batch_id, ingestion.size) == (4, 1)
    assert ingestion.configuration == (
        '{"batch":"b","version":1,"min_items":0,"min_success_percent":0,"source":"",'
        '"delete_missing":false,"promote":true}'
    )
    assert stored == (
        '{"kind":"upsert","id":"A1","type":"product","context":"","parent_id":"","at":7,'
        '"attributes":{"price":0.10000000000000000000001},"fhr":false}'
    )

    with engine.begin() as connection:
        downgrade(connection, "0009")
    ingestion, stored = rows()
    assert (ingestion.configuration, stored) == (configuration, operation)
