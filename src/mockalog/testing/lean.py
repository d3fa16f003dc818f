"""httpx without its command line, for rich, which draws it, takes 30 ms of a session's start.

httpx expects that its command line cannot be imported and does without; here it is imported when
somebody calls it. To be imported before httpx is.
"""

import sys
from typing import Any

COMMAND_LINE = "httpx._main"


def _main(*given: Any, **options: Any) -> Any:
    """Do what `httpx.main` does."""
    from httpx._main import main

    return main(*given, **options)


if "httpx" not in sys.modules:
    sys.modules[COMMAND_LINE] = None  # type: ignore[assignment]
    try:
        import httpx
    finally:
        del sys.modules[COMMAND_LINE]
    httpx.main = _main  # type: ignore[assignment]
