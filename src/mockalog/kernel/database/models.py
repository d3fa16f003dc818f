"""The kernel's tables and the metadata that every table joins."""

from typing import Any, Literal, get_args

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
    """The type of a column that holds JSON as text, of a form (kernel/formats/json_columns.py).

    What is read in from outside must be of that form, which is an object's where none is given.
    """

    def __init__(self, form: Any = OBJECT) -> None:
        super().__init__()
        self.form = form


# Marks a table that holds nothing worth keeping, such as what is left of a rate limit's window.
VOLATILE = "volatile"


# Marks a table whose rows a new sandbox does not take over from the template.
NOT_INHERITED = "not inherited"


# Marks a column of which a document may hold these texts only.
ONE_OF = "one of"


# The sandbox that new ones are copies of: the whole server's defaults, and what was seeded.
TEMPLATE = "*"


# Why an identity without a name is kept.
SNAPSHOT, PREPARED, FILLING = "snapshot", "spare", "filling"


sandboxes = Table(
    "sandboxes",
    metadata,
    Column("id", Integer, primary_key=True),
    # NULL once retired: the rows are swept later and nobody can reach them before.
    Column("name", String, unique=True),
    Column("clock_mode", String(10), nullable=False),
    Column("clock_value", BigInteger, nullable=False),
    Column("settings", Text, nullable=False),
    # The due time of the earliest pending job, so that a request need not ask for jobs.
    Column("next_due", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    # The number of the last job; none comes back.
    Column("last_job", Integer, nullable=False),
    # Whether it may own rows that new sandboxes are to copy; asked of the template only.
    Column("seeded", Boolean, nullable=False),
    # Why one without a name is kept: `snapshot`, or a `spare` copy (`filling` till it is whole).
    Column("purpose", String(10)),
    # The generation that it is the prepared copy of.
    Column("source_id", Integer, index=True),
    sqlite_autoincrement=True,
)


# What makes a row one identity and no other; all else of it is the sandbox's state.
IDENTITY = ("name", "purpose", "source_id", "created_at")


STATE = tuple(column for column in sandboxes.c if column.name not in ("id", *IDENTITY))


credentials = Table(
    "credentials",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("vendor", String(40), nullable=False),
    # SHA-256 of the credential: the database never holds one in clear.
    Column("digest", String(64), nullable=False),
    Column("sandbox", String, nullable=False),
    Column("permissions", Text, nullable=False),
    # What the vendor needs to know of the bearer (a user id, a realm, a public key).
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
    # The sandbox that it is a snapshot of; the template's name for one of the whole server.
    Column("owner", String, primary_key=True),
    Column("name", String, primary_key=True),
    # Which sandbox this row is the copy of: of a whole server each has one.
    Column("member", String, primary_key=True),
    # The identity that holds the copy.
    Column("identity_id", Integer, nullable=False),
    # What was known of the member's credentials, as JSON.
    Column("credentials", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)


series_table = Table(
    "series",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, primary_key=True),
    Column("last", BigInteger, nullable=False),
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
    # Why it shall fail, if a test armed that.
    Column("fault", Text),
    Index(None, "sandbox_id", "state", "due_at", "id"),
)


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
    # Seconds of real time.
    Column("delay", Float, nullable=False),
    # How many calls it lets pass first, and how many it has let pass.
    Column("skips", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    # How many calls it strikes after those, and how many it has struck.
    Column("times", Integer, nullable=False),
    Column("fired", Integer, nullable=False),
    # Seconds that a 429 asks to wait; NULL: what the limit says.
    Column("retry_after", Integer),
    # The server's own strike everybody's calls already.
    info={NOT_INHERITED: True},
)


windows = Table(
    "rate_windows",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("bucket", String(120), primary_key=True),
    Column("window_start", BigInteger, nullable=False),
    Column("used", Integer, nullable=False),
    # A snapshot holds no half-used windows: whoever restores it may call again.
    info={VOLATILE: True},
)
