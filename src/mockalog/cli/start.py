"""Starting the server: the settings of the flags and of the environment, then the server."""

from typing import Any

from mockalog.cli.exits import INTERRUPTED, one_clear_line
from mockalog.kernel.gc_tuning import gc_paused


def start(**flags: Any) -> None:
    """Serve until a signal comes; a start that cannot succeed exits with 2 and one line."""
    try:
        with one_clear_line():
            with gc_paused():
                from mockalog.server.serve import serve
                from mockalog.settings import load_settings

            serve(load_settings(**flags))
    except KeyboardInterrupt:  # before the server is there to end cleanly
        raise SystemExit(INTERRUPTED) from None
