"""What a state document may say of a sandbox, or of every one."""

from functools import cache
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, create_model, model_validator

from mockalog.kernel.clock import EARLIEST, LATEST, Clock, Mode, from_datetime, machine_now
from mockalog.kernel.database.models import TEMPLATE
from mockalog.kernel.documents.seeds import Section, Seed
from mockalog.kernel.documents.table_dumps import Rows
from mockalog.kernel.formats.strings import NonEmptyText
from mockalog.kernel.formats.timestamps import Timestamp
from mockalog.kernel.sandboxes import generations
from mockalog.kernel.sandboxes.credentials import digest

Instant = Annotated[int, Field(ge=EARLIEST, le=LATEST)]


class ClockState(Section):
    """A clock: the instant that it shows, or how far a real one is `shift`ed (µs).

    A frozen one without an instant shows that of the machine.
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
    """A credential by its token, or by the SHA-256 of it, as an export knows it."""

    vendor: NonEmptyText
    token: NonEmptyText | None = None
    digest: str | None = Field(None, pattern="^[0-9a-f]{64}$")
    permissions: list[NonEmptyText] = Field(["*"])
    sandbox: Annotated[NonEmptyText, AfterValidator(generations.validate_sandbox_name)] | None = (
        None
    )
    subject: dict[str, Any] = Field({})
    issued: bool = False
    # What was given in the last hour that a clock can show expires later than that.
    expires_at: int | None = Field(None, ge=EARLIEST, lt=2**63)
    revoked: bool = False
    created_at: Instant | None = None

    @model_validator(mode="after")
    def _is_known_one_way(self) -> Self:
        if (self.token is None) == (self.digest is None):
            raise ValueError("needs either the token or its digest")
        return self

    def row(self, sandbox: str) -> dict[str, Any]:
        """Return what is stored of it in a sandbox; in the template it opens one of its own."""
        known = self.model_dump(exclude={"token", "sandbox"})
        known["digest"] = self.digest or digest(self.token or "")
        own = known["digest"] if sandbox == TEMPLATE else sandbox
        at = machine_now() if self.created_at is None else self.created_at
        return {**known, "sandbox": self.sandbox or own, "created_at": at}


class Document(Section):
    """One sandbox. Every vendor's section is a field too, named after it."""

    mockalog: Literal[1] = 1
    settings: dict[str, Any] = Field({})
    clock: ClockState | None = None
    credentials: list[CredentialState] = Field([])
    tables: dict[str, Rows] = Field({})


@cache
def document_of(sections: tuple[tuple[str, type[Seed]], ...]) -> type[Document]:
    """Return the model of a document with the vendors' sections."""
    fields: Any = {name: (seed | None, None) for name, seed in sections}
    model: type[Document] = create_model("Document", __base__=Document, **fields)
    return model
