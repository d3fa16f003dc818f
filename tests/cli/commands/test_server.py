"""`migrate --citus-sql`."""

from typer.testing import CliRunner

from mockalog.cli import app
from mockalog.kernel.database.citus import citus_statements
from mockalog.schema import metadata


def test_migrate_prints_the_statements_for_citus() -> None:
    """One on each line, for `psql`; it needs no database and changes none."""
    result = CliRunner().invoke(app, ["migrate", "--citus-sql"])

    assert result.exit_code == 0
    assert result.stdout.splitlines() == list(citus_statements(metadata))
