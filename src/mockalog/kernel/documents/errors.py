"""Documents as people write them, and where something is wrong in one."""

from collections.abc import Iterator
from contextlib import contextmanager

# The format; a later one that reads differently has another number.
VERSION = 1

# A place in a document: keys and indexes from its root.
Path = tuple[str | int, ...]


class InvalidDocumentError(Exception):
    """A document that cannot be used: what is wrong with it, and where.

    `line` is known to who has read the text, `source` to who knows where that came from.
    """

    def __init__(self, problem: str, path: Path = (), line: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path
        self.line = line
        self.source = ""

    def __str__(self) -> str:
        """Return `shop.yaml, line 3: braze.catalogs[0].name: …`."""
        line = None if self.line is None else f"line {self.line}"
        where = ", ".join(filter(None, (self.source, line)))
        return ": ".join(filter(None, (where, shown(self.path), self.problem)))


@contextmanager
def within(path: Path) -> Iterator[None]:
    """Let what is found wrong in a part of a document lie in that part."""
    try:
        yield
    except InvalidDocumentError as error:
        error.path = (*path, *error.path)
        raise


def shown(path: Path) -> str:
    """Return a path as people write it: `braze.catalogs[0].name`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
