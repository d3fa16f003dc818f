"""The settings of Braze in a sandbox."""

from pydantic import Field

from mockalog.kernel.sandboxes.settings import VendorSettings

# Seconds, about thirty years.
MAX_DELAY = 1e9


class BrazeSettings(VendorSettings):
    """The settings under `braze` that a test can change."""

    async_delay: float = Field(
        0, ge=0, le=MAX_DELAY, description="Seconds until an asynchronous write takes effect."
    )
    storage_limit: int | None = Field(
        None,
        ge=0,
        description="Bytes that the workspace's items may take, as a plan of the vendor's says.",
    )
    random_seed: int = Field(
        0, description="The order of a selection without sorting depends on it."
    )
