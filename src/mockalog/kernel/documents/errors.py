"""Errors in state documents, with their place."""

from collections.abc import Iterator
from contextlib import contextmanager

from mockalog.kernel.errors import UserError

# The version of the format. A format that is read differently gets another number.
VERSION = 1

# A place in a document: the keys and indexes from the root.
Path = tuple[str | int, ...]


class InvalidDocumentError(UserError):
    """A document is invalid: `problem` says why, `path` where.

    `DocumentSource.locating` adds `line`, which counts from 1, and `source`, the name of the file.
    """

    def __init__(self, problem: str, path: Path = (), line: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path
        self.line = line
        self.source = ""

    def __str__(self) -> str:
        """Return the place and the problem: `shop.yaml, line 3: braze.catalogs[0].name: …`."""
        line = None if self.line is None else f"line {self.line}"
        place = ", ".join(filter(None, (self.source, line)))
        return ": ".join(filter(None, (place, shown(self.path), self.problem)))


@contextmanager
def within(path: Path) -> Iterator[None]:
    """Prefix the path of an error in the block with the path of a part of the document."""
    try:
        yield
    except InvalidDocumentError as error:
        error.path = (*path, *error.path)
        raise


def shown(path: Path) -> str:
    """Return a path as text: `braze.catalogs[0].name`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
