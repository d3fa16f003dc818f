"""The schema of a state document of one sandbox."""

from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, create_model, model_validator

from mockalog.kernel.clock import EARLIEST, LATEST, Clock, Mode, from_datetime, machine_now
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.documents.seeds import Section, Seed
from mockalog.kernel.documents.table_dumps import Rows
from mockalog.kernel.formats.json_columns import Instant
from mockalog.kernel.formats.strings import NonEmptyText
from mockalog.kernel.formats.timestamps import Timestamp
from mockalog.kernel.sandboxes import generations
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.sandboxes.placeholders import check_token


class ClockState(Section):
    """A clock: the instant that it shows, or the shift of a real clock in microseconds.

    A frozen clock without `now` shows the machine's instant.
    """

    mode: Mode = "real"
    now: Timestamp | None = None
    shift: int = Field(0, ge=-LATEST, le=LATEST)

    @model_validator(mode="after")
    def _lies_on_the_calendar(self) -> Self:
        if not 0 <= self.clock().now() <= LATEST:
            raise ValueError("must lie between 1970 and 9999")
        return self

    def clock(self) -> Clock:
        """Return the clock."""
        if self.now is None and self.mode == "real":
            return Clock("real", self.shift)
        return Clock.at(self.mode, None if self.now is None else from_datetime(self.now))


class CredentialState(Section):
    """A credential, given by its token or, as in exports, by the token's SHA-256."""

    vendor: NonEmptyText
    token: Annotated[NonEmptyText, AfterValidator(check_token)] | None = None
    digest: str | None = Field(None, pattern="^[0-9a-f]{64}$")
    permissions: list[NonEmptyText] = Field(["*"])
    sandbox: Annotated[NonEmptyText, AfterValidator(generations.validate_sandbox_name)] | None = (
        None
    )
    subject: dict[str, Any] = Field({})
    issued: bool = False
    # A token that is issued near the end of the year 9999 expires after `LATEST`.
    expires_at: int | None = Field(None, ge=EARLIEST, lt=2**63)
    revoked: bool = False
    created_at: Instant | None = None

    @model_validator(mode="after")
    def _has_token_or_digest(self) -> Self:
        if (self.token is None) == (self.digest is None):
            raise ValueError("needs either the token or its digest")
        return self

    def row(self, sandbox: str) -> dict[str, object]:
        """Return the values to store for a document of a sandbox.

        A credential of the template opens a sandbox of its own, which its digest names.
        """
        values = self.model_dump(exclude={"token", "sandbox"})
        values["digest"] = self.digest or digest(self.token or "")
        own = values["digest"] if sandbox == TEMPLATE else sandbox
        created_at = machine_now() if self.created_at is None else self.created_at
        return {**values, "sandbox": self.sandbox or own, "created_at": created_at}


class Document(Section):
    """The state of one sandbox. `document_of` adds a field for each vendor's section."""

    mockalog: Literal[1] = 1
    settings: dict[str, Any] = Field({})
    clock: ClockState | None = None
    credentials: list[CredentialState] = Field([])
    tables: dict[str, Rows] = Field({})


@cache
def document_of(sections: tuple[tuple[str, type[Seed]], ...]) -> type[Document]:
    """Return the model of a document with the vendors' sections, given as names and models."""
    fields: Any = {name: (seed | None, None) for name, seed in sections}
    model: type[Document] = create_model("Document", __base__=Document, **fields)
    return model
