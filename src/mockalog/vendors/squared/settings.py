"""The settings of AI Squared in a sandbox."""

from typing import Literal

from pydantic import Field

from mockalog.kernel.sandboxes.settings import VendorSettings

# Seconds; about 32 years, longer than any test.
MAX_DELAY = 1e9


class SquaredSettings(VendorSettings):
    """Squared's settings of a sandbox."""

    dialect: Literal["docs", "server"] = Field(
        "docs",
        description="Which answer to give where documentation and server disagree. A reset of the "
        "whole server sets it back to the default, also in the sandbox of the vendor's own pages.",
    )
    email_verification: bool = Field(
        False,
        description="Whether a new account has to verify its address before it can log in.",
    )
    sync_delay: float = Field(
        0,
        ge=0,
        le=MAX_DELAY,
        description="Seconds that a sync run stays in each of its states.",
    )
