"""Starting the server with the settings of flags and environment."""

from mockalog.cli.shell.errors import INTERRUPTED, start_errors
from mockalog.kernel.gc_tuning import gc_paused


def start(**flags: object) -> None:
    """Serve until a signal; a start that cannot succeed exits with 2 and one line."""
    try:
        with start_errors():
            with gc_paused():
                from mockalog.server.serve import serve
                from mockalog.settings import load_settings

            serve(load_settings(**flags))
    except KeyboardInterrupt:  # during the start: later the server handles the signal
        raise SystemExit(INTERRUPTED) from None
