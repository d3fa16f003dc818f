"""Operations of the control plane on the wire: mails, roles of members, source tables."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from mockalog.kernel.clock import iso_millis
from mockalog.vendors.squared.json_columns import COLUMN_TYPES, StoredTable
from mockalog.vendors.squared.rules.accounts import roles
from mockalog.vendors.squared.rules.accounts.rows import MailRow
from mockalog.vendors.squared.rules.connectors import source_tables as rules
from mockalog.vendors.squared.schemas.base import (
    Anything,
    In,
    Out,
    Timestamp,
    absent,
    choice,
    exampled,
)


class MailOut(Out):
    """A mail that the server would have sent."""

    id: int
    to: str
    kind: Literal["reset_password", "confirmation"]
    subject: str
    token: str = Field(description="The token that the mail brings")
    sent_at: Timestamp


class MailsOut(Out):
    """All mails, the oldest first."""

    model_config = exampled(
        {
            "mails": [
                {
                    "id": 1,
                    "to": "mia@example.com",
                    "kind": "reset_password",
                    "subject": "Reset password instructions",
                    "token": "5f" * 16,
                    "sent_at": "2026-03-02T09:00:00.000Z",
                }
            ]
        }
    )

    mails: list[MailOut]


class Mail(TypedDict):
    """A mail of the outbox."""

    id: int
    to: str
    kind: str
    subject: str
    token: str
    sent_at: str


def mail_of(row: MailRow) -> Mail:
    """Return a stored mail as the outbox shows it."""
    return {
        "id": row.id,
        "to": row.recipient,
        "kind": row.kind,
        "subject": row.subject,
        "token": row.token,
        "sent_at": iso_millis(row.sent_at),
    }


Role = Annotated[str, choice(*roles.RIGHTS)]


class MemberIn(In):
    """The role to give."""

    model_config = exampled({"role": "Viewer"})

    role: Role


class MemberOut(Out):
    """The role of a user in a workspace."""

    model_config = exampled({"user_id": 1, "workspace_id": 2, "role": "Viewer"})

    user_id: int
    workspace_id: int
    role: Role


class Member(TypedDict):
    """The role of a user in a workspace."""

    user_id: int
    workspace_id: int
    role: str


_TABLE = {
    "primary_key": "id",
    "columns": {"id": "integer", "email": ["string", "null"]},
    "rows": [{"id": 1, "email": "a@x.io"}],
}

Column = Annotated[
    Annotated[str, choice(*COLUMN_TYPES)]
    | Annotated[list[Annotated[str, choice(*COLUMN_TYPES, "null")]], Field(min_length=1)],
    Field(description='The type of a column; with "null" it may be empty'),
]
TableName = Annotated[str, Field(min_length=1, max_length=rules.MAX_NAME)]
Columns = Annotated[dict[TableName, Column], Field(max_length=rules.MAX_COLUMNS)]


class TableIn(BaseModel):
    """A table with its rows. Without `columns` they follow from the rows."""

    model_config = ConfigDict(defer_build=True, extra="forbid", **exampled(_TABLE))

    primary_key: str | None = absent(description="Name of the column that tells rows apart")
    columns: Columns | None = absent()
    rows: list[Anything] = absent()


# Tables by name: the rows of each, or a table with its columns.
TablesIn = Annotated[
    dict[TableName, list[Anything] | TableIn],
    Field(
        max_length=rules.MAX_TABLES,
        description=f"Tables by name, with at most {rules.MAX_ROWS} rows in all",
        examples=[{"users": _TABLE}],
    ),
]


class TableOut(Out):
    """A table with its rows."""

    model_config = exampled(_TABLE)

    primary_key: str | None
    columns: dict[str, Column]
    rows: list[Anything]


TablesOut = Annotated[
    dict[str, TableOut], Field(description="Tables by name", examples=[{"users": _TABLE}])
]


class TableJson(StoredTable):
    """A table with its rows."""

    rows: Sequence[rules.Row]


def table_of(table: rules.Table, rows: Sequence[rules.Row]) -> TableJson:
    """Return a table with its rows, in the form that can be loaded again."""
    return {**rules.describe_table(table), "rows": rows}
