"""Seeds: a file, or the document itself."""

import os
import re
import reprlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mockalog.testing.errors import Refused, WrongValue

# How the control plane calls a document that came with a request.
IN_BODY = "body"

Seed = str | os.PathLike[str] | Mapping[str, Any]


@contextmanager
def naming(seed: Seed) -> Iterator[None]:
    """Let a refusal name the file where the server, which saw no name, says `body`.

    A dictionary has neither a name nor lines: there the path of the field says all.
    """
    try:
        yield
    except Refused as refused:
        named = _named(seed, str(refused))
        raise Refused({**refused.problem, "detail": named}) from None


def _named(seed: Seed, detail: str) -> str:
    if isinstance(seed, Mapping):
        return re.sub(rf"^{IN_BODY}(, line \d+)?: ", "", detail)
    return re.sub(rf"^{IN_BODY}\b", lambda _: os.fspath(seed), detail)


def read_seed(seed: Seed) -> dict[str, Any]:
    """Return what a control call is sent with; the server reads JSON and YAML itself."""
    if isinstance(seed, Mapping):
        return {"json": seed}
    if not isinstance(seed, str | os.PathLike):
        raise WrongValue(f"a seed is a file or a dictionary, not {reprlib.repr(seed)}")
    path = Path(seed)
    kind = "application/json" if path.suffix == ".json" else "application/yaml"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WrongValue(f"{path}: {error.strerror}") from None
    return {"content": content, "headers": {"Content-Type": kind}}
