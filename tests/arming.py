"""Armed faults: the type of the fixture that arms them, and calls that meet them."""

from collections.abc import Callable
from typing import Any

import httpx

Arm = Callable[..., dict[str, Any]]


def statuses(client: httpx.Client, count: int) -> list[int]:
    """List the catalogs `count` times; return the statuses."""
    return [client.get("/catalogs").status_code for _ in range(count)]
