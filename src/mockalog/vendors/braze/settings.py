"""The settings of Braze in a sandbox."""

from pydantic import Field

from mockalog.kernel.options import Options

# The longest delay, in seconds: some thirty years.
MAX_DELAY = 1e9


class BrazeOptions(Options):
    """What a test may set for Braze."""

    # Seconds until an asynchronous write takes effect.
    async_delay: float = Field(0, ge=0, le=MAX_DELAY)
    # Bytes that the workspace's items may take, like the vendor's plans; none by default.
    storage_limit: int | None = Field(None, ge=0)
    # What the order of a selection without sorting depends on.
    random_seed: int = 0
