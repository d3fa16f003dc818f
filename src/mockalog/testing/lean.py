"""httpx without its command line, for rich, which draws it, takes 30 ms of a session's start.

httpx expects that its command line cannot be imported and does without; only here nobody asks
for it. To be imported before httpx is.
"""

import sys

if "httpx" not in sys.modules:
    _COMMAND_LINE = "httpx._main"
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]
    try:
        import httpx as httpx
    finally:
        del sys.modules[_COMMAND_LINE]
