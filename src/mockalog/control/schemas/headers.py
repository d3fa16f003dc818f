"""The headers of a call that acts on a sandbox."""

from pydantic import BaseModel, ConfigDict, Field

from mockalog.control.schemas.wire import absent


class SandboxHeaders(BaseModel):
    """Whose sandbox is meant; the credential of a vendor's client says so too.

    Without either the call acts on the whole server.
    """

    model_config = ConfigDict(defer_build=True)

    x_mockalog_sandbox: str = Field(
        default_factory=absent,
        min_length=1,
        description="The name of the sandbox that the call acts on.",
        examples=["checkout-test"],
    )
