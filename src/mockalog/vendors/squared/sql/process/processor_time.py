"""The processor time of another process: a busy machine is no slow query."""

import os
from contextlib import suppress
from pathlib import Path


def processor_seconds(pid: int) -> float | None:
    """Return the seconds that a process has computed, None where the platform does not tell."""
    with suppress(OSError, IndexError):
        text = Path(f"/proc/{pid}/stat").read_text()
        # The name before the last parenthesis may hold blanks.
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return None
