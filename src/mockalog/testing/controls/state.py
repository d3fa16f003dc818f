"""Seeds and state documents: a file, or the document itself."""

import os
import re
import reprlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mockalog.testing.controls.errors import InvalidValueError, RefusedError
from mockalog.testing.controls.serialization import JsonObject

# The server's name for a document that came as the body of a request.
IN_BODY = "body"

Seed = str | os.PathLike[str] | Mapping[str, object]


@contextmanager
def naming(seed: Seed) -> Iterator[None]:
    """Replace the server's word `body` in a refusal by the name of the file.

    A dictionary has neither a name nor lines; the path of the field is enough there.
    """
    try:
        yield
    except RefusedError as refused:
        named = _named(seed, str(refused))
        raise RefusedError({**refused.problem, "detail": named}) from None


def _named(seed: Seed, detail: str) -> str:
    if isinstance(seed, Mapping):
        return re.sub(rf"^{IN_BODY}(, line \d+)?: ", "", detail)
    return re.sub(rf"^{IN_BODY}\b", lambda _: os.fspath(seed), detail)


def request_of(seed: Seed) -> JsonObject:
    """Return the options of the request that sends a seed; the server parses JSON and YAML."""
    if isinstance(seed, Mapping):
        return {"json": seed}
    if not isinstance(seed, str | os.PathLike):
        raise InvalidValueError(f"a seed is a file or a dictionary, not {reprlib.repr(seed)}")
    path = Path(seed)
    kind = "application/json" if path.suffix == ".json" else "application/yaml"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidValueError(f"{path}: {error.strerror}") from None
    return {"content": content, "headers": {"Content-Type": kind}}
