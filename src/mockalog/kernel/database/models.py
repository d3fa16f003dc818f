"""The kernel's tables, and the metadata that holds the tables of the kernel and of all vendors."""

from typing import Literal, get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from mockalog.kernel.formats.json_columns import OBJECT

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class JsonText(Text):
    """The type of a column that holds JSON as text.

    `json_type` is the Pydantic type of the value (kernel/formats/json_columns.py). Rows of a state
    document are validated against it.
    """

    def __init__(self, json_type: object = OBJECT) -> None:
        super().__init__()
        self.json_type = json_type


# Marks a table (in its `info`) whose rows no copy of a sandbox has, such as windows of rate limits.
VOLATILE = "volatile"


# Marks a table (in its `info`) whose rows a new sandbox does not copy from the template.
NOT_INHERITED = "not inherited"


# Maps (in a column's `info`) to the texts that a state document may give for the column.
ONE_OF = "one of"


# Maps (in a counter's `info`) to the largest value that a state document may give for it. The
# server counts on from there, and its numbers must fit into the columns that they identify.
AT_MOST = "at most"
MAX_COUNT = 2**30


def counter(name: str, sql_type: type[Integer] = Integer) -> Column[int]:
    """Return a column that the server counts up."""
    return Column(name, sql_type, nullable=False, info={AT_MOST: MAX_COUNT})


# The name of the template: the sandbox that new ones copy. It has the server's defaults and seeds.
TEMPLATE = "*"


# The purposes of a generation without a name. "spare" is the stored word for a prepared copy.
SNAPSHOT, PREPARED, FILLING = "snapshot", "spare", "filling"


sandboxes = Table(
    "sandboxes",
    metadata,
    Column("id", Integer, primary_key=True),
    # NULL once the generation is retired. No call can reach its rows, and the cleanup deletes them.
    Column("name", String, unique=True),
    Column("clock_mode", String(10), nullable=False),
    Column("clock_value", BigInteger, nullable=False),
    Column("settings", Text, nullable=False),
    # The due instant of the earliest pending job: most requests need no query for due jobs.
    Column("next_due", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    # The number of the last job. Numbers are never used again.
    counter("last_job"),
    # Only for the template: whether it may have rows that new sandboxes must copy.
    Column("seeded", Boolean, nullable=False),
    # Why a generation without a name is kept: `snapshot`, `spare` (a complete prepared copy) or
    # `filling` (an incomplete one).
    Column("purpose", String(10)),
    # The generation that a prepared copy is a copy of.
    Column("source_id", Integer, index=True),
    # Finds retired generations, which have neither, among many live ones and snapshots.
    Index("ix_sandboxes_purpose_name", "purpose", "name"),
    sqlite_autoincrement=True,
)


# When each sandbox was used last, to the minute: a row for each use would cost each call a write.
sandbox_uses = Table(
    "sandbox_uses",
    metadata,
    Column("name", String, primary_key=True),
    # The instant on the machine's clock.
    Column("used_at", BigInteger, nullable=False),
)


# The columns that belong to one generation. All others are the sandbox's state and are copied.
IDENTITY = ("name", "purpose", "source_id", "created_at")


STATE = tuple(column for column in sandboxes.c if column.name not in ("id", *IDENTITY))


credentials = Table(
    "credentials",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("vendor", String(40), nullable=False),
    # The credential's SHA-256. The database never holds a credential in clear text.
    Column("digest", String(64), nullable=False),
    Column("sandbox", String, nullable=False, index=True),
    Column("permissions", Text, nullable=False),
    # The vendor's data about the credential's user, as JSON: a user id, a realm, a public key.
    Column("subject", Text, nullable=False),
    Column("issued", Boolean, nullable=False),
    Column("expires_at", BigInteger),
    Column("revoked", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("vendor", "digest"),
    sqlite_autoincrement=True,
)


snapshots = Table(
    "snapshots",
    metadata,
    # The name of the sandbox. It is the template's name for a snapshot of the whole server.
    Column("owner", String, primary_key=True),
    Column("name", String, primary_key=True),
    # The sandbox that this row is a copy of. A snapshot of the whole server has a row for each.
    Column("member", String, primary_key=True),
    # The generation that holds the copied rows.
    Column("identity_id", Integer, nullable=False),
    # The member's credentials as JSON.
    Column("credentials", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)


# One row for each process that serves this database, if it is PostgreSQL.
servers = Table(
    "servers",
    metadata,
    # The number of the process, in which the ids of its exchanges begin.
    Column("id", Integer, primary_key=True),
    Column("url", String, nullable=False),
    # A request of another server has it in a header.
    Column("secret", String(64), nullable=False),
    # The authority (PEM) of a server with TLS.
    Column("certificate", Text),
    # The last sign of life, an instant of the database's clock.
    Column("seen_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)


series_table = Table(
    "series",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, primary_key=True),
    counter("last", BigInteger),
)


State = Literal["pending", "done", "failed"]


STATES: tuple[State, ...] = get_args(State)


jobs = Table(
    "jobs",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(80), nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("state", String(10), nullable=False, info={ONE_OF: STATES}),
    Column("outcome", Text),
    Column("due_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("recurring", Boolean, nullable=False, server_default=false()),
    # The error that a fault makes the job fail with. NULL: the job runs normally.
    Column("fault", Text),
    Index(None, "sandbox_id", "state", "due_at", "id"),
)


# The series that numbers the faults of a sandbox.
FAULT_NUMBERS = "faults"


faults = Table(
    "faults",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("vendor", String(40), nullable=False),
    Column("operation", String(80), nullable=False),
    Column("path", Text),
    Column("phase", String(10), nullable=False),
    Column("status", Integer),
    Column("error", String(80)),
    Column("drops", Boolean, nullable=False),
    # In seconds of the machine's clock.
    Column("delay", Float, nullable=False),
    # The number of matching calls to skip first, and the number skipped so far.
    Column("skips", Integer, nullable=False),
    counter("seen"),
    # The number of calls that the fault then applies to, and the number so far.
    Column("times", Integer, nullable=False),
    counter("fired"),
    # The Retry-After of a 429 in seconds. NULL: that of the rate limit.
    Column("retry_after", Integer),
    # The template's faults are the whole server's and already apply in every sandbox.
    info={NOT_INHERITED: True},
)


windows = Table(
    "rate_windows",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("bucket", String(120), primary_key=True),
    Column("window_start", BigInteger, nullable=False),
    Column("used", Integer, nullable=False),
    # A snapshot has no used windows, so calls are possible again after a restore.
    info={VOLATILE: True},
)
