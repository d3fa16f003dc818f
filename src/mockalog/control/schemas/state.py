"""State documents: everything in a sandbox, or in every one."""

from typing import Any, Literal

from pydantic import Field

from mockalog.control.schemas.wire import Out, absent
from mockalog.kernel.clock import Mode


class StoredClockOut(Out):
    """A clock: a frozen one has `now`, a real one has `shift`, both as stored."""

    mode: Mode
    now: str = Field(default_factory=absent, description="The instant that a frozen clock shows.")
    shift: int = Field(
        default_factory=absent, description="How far a real clock is ahead, in microseconds."
    )


class RowsOut(Out):
    """The rows of a table: each a list of values in the order of `columns`."""

    columns: list[str]
    rows: list[list[Any]]


class StoredCredentialOut(Out):
    """A credential; `digest` is the SHA-256 of its token."""

    vendor: str
    digest: str
    permissions: list[str]
    subject: dict[str, Any]
    issued: bool
    expires_at: int | None
    revoked: bool
    created_at: int


class ContentsOut(Out):
    """Everything in one sandbox; tables stand as stored."""

    settings: dict[str, Any]
    clock: StoredClockOut
    credentials: list[StoredCredentialOut]
    tables: dict[str, RowsOut]


class SandboxStateOut(ContentsOut):
    """The state of one sandbox."""

    mockalog: Literal[1] = Field(description="The version of the format.")


class ServerStateOut(Out):
    """The state of the whole server, by sandbox; `*` is what new ones start with."""

    mockalog: Literal[1] = Field(description="The version of the format.")
    sandboxes: dict[str, ContentsOut]


# Of a sandbox, or without one of the whole server.
StateOut = SandboxStateOut | ServerStateOut


class ReplacedOut(Out):
    """The state is that of the document."""

    status: Literal["replaced"]


class SeededOut(Out):
    """The document's contents were added."""

    status: Literal["seeded"]
