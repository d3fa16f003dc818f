"""The settings of Attraqt in a sandbox."""

from pydantic import Field

from mockalog.kernel.sandboxes.settings import VendorSettings

# Seconds: about thirty years.
MAX_DELAY = 1e9


class AttraqtSettings(VendorSettings):
    """The settings of Attraqt; tests and seeds set them."""

    activation_delay: float = Field(
        0, ge=0, le=MAX_DELAY, description="Seconds until an activation is done."
    )
    ingestion_delay: float = Field(
        0,
        ge=0,
        le=MAX_DELAY,
        description="Seconds until streamed items are taken in, and until an ingestion is done.",
    )
    fhr_fails: bool = Field(
        False,
        description="Whether creating and activating catalogs is answered with 409 "
        "CATALOG_FHR_FAILED.",
    )
    fhr: bool = Field(
        False,
        description="Whether a batch cannot be ingested into the ACTIVE catalog, as Fredhopper "
        "does not support it: 400 BATCH_IMPORT_CATALOG_ACTIVE.",
    )
