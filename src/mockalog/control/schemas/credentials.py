"""Credentials that tests register."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field

from mockalog.control.schemas.wire import In, Out
from mockalog.kernel.formats.strings import Word
from mockalog.kernel.sandboxes.generations import own_name


class CredentialIn(In):
    """A credential to register; without `sandbox` it opens the caller's, or its own."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"vendor": "braze", "token": "read-only-key", "permissions": ["catalogs.get"]}
            ]
        }
    )

    vendor: Word
    token: Word
    permissions: list[Word] = Field(["*"])
    sandbox: Annotated[Word, AfterValidator(own_name)] | None = None
    public_key: Word | None = Field(
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
