"""Starting a database: errors of databases that cannot be used."""

from pathlib import Path

import pytest

from mockalog.kernel.database.interfaces import DatabaseConfigurationError
from mockalog.kernel.database.open import open_database
from tests.emulation import Emulation


@pytest.mark.parametrize("url", ["sqlite:////none/none/a.db", "postgresql://u@127.0.0.1:1/db"])
def test_a_start_on_an_unusable_database_is_an_error(emulation: Emulation, url: str) -> None:
    """The database may become unusable between its preparation and its start."""
    with pytest.raises(DatabaseConfigurationError, match="cannot be"):
        emulation.run(open_database(url).start)


def test_a_failed_start_leaves_no_connection_open(emulation: Emulation, tmp_path: Path) -> None:
    """Python 3.13 warns of connections that are not closed."""
    file = tmp_path / "a.db"
    file.write_text("no database " * 100)

    with pytest.raises(DatabaseConfigurationError, match="not a database"):
        emulation.run(open_database(f"sqlite:///{file}").start)
