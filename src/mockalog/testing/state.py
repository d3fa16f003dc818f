"""Seeds: a file, or the document itself."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mockalog.testing.errors import MockalogError

Seed = str | os.PathLike[str] | Mapping[str, Any]


def read_seed(seed: Seed) -> dict[str, Any]:
    """Return what a control call is sent with; the server reads JSON and YAML itself."""
    if isinstance(seed, Mapping):
        return {"json": seed}
    path = Path(seed)
    kind = "application/json" if path.suffix == ".json" else "application/yaml"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MockalogError(f"{path}: {error.strerror}") from None
    return {"content": content, "headers": {"Content-Type": kind}}
