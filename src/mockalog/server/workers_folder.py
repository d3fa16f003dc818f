"""The folder in which the workers of a server meet, and the removal of those of dead servers."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

_PREFIX = "mockalog-"
_LOCK = "lock"


@contextmanager
def workers_folder() -> Iterator[str]:
    """Make a folder that only this user may enter, for the time of the block.

    A lock, which the system releases when the process ends, tells that its server lives.
    """
    with TemporaryDirectory(prefix=_PREFIX) as folder:
        new = Path(folder, f"{_LOCK}.new")
        lock = os.open(new, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            _lock(lock)
            # Only now another start can find it.
            new.rename(new.with_name(_LOCK))
            yield folder
        finally:
            os.close(lock)


def remove_dead_folders() -> None:
    """Remove the folders of servers of this user that were killed."""
    for folder in Path(gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # of another user, locked, or removed by another start
            lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
            try:
                _lock(lock)
                shutil.rmtree(folder)
            finally:
                os.close(lock)


def _lock(file: int) -> None:
    """Lock an open file for this process; raises `OSError` if another process has locked it."""
    # Imported here: Windows has neither the module nor such folders.
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
