"""Credentials that tests register."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from mockalog.control.schemas.wire import In, Out
from mockalog.kernel.formats.strings import NonEmptyText
from mockalog.kernel.sandboxes.generations import validate_sandbox_name


class CredentialIn(In):
    """A credential to register; without `sandbox` it opens the caller's, or its own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"vendor": "braze", "token": "read-only-key", "permissions": ["catalogs.get"]}
            ]
        }
    )

    vendor: NonEmptyText
    token: NonEmptyText
    permissions: list[NonEmptyText] = Field(["*"])
    sandbox: Annotated[NonEmptyText, AfterValidator(validate_sandbox_name)] | None = None
    public_key: NonEmptyText | None = Field(
        None,
        description="The public key (PEM) of an Attraqt client that authenticates with a private "
        "one.",
    )


class CredentialOut(Out):
    """A registered credential; the token itself is never shown, `digest` is its SHA-256."""

    id: int
    vendor: str
    digest: str
    permissions: list[str]
    sandbox: str = Field(description="The sandbox that it opens.")
    created_at: datetime


class CredentialsOut(Out):
    """Every registered credential."""

    credentials: list[CredentialOut]
