"""ids counted per sandbox, and snapshots.

Nothing but `sandbox_id` changes when a sandbox is copied. Ids that there are stay as they are;
the way back has none that all sandboxes could share, so the rows of these tables are lost there.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Tables whose rows have an id, and the series that counts it from now on.
NUMBERED = {
    "jobs": None,
    "braze_catalogs": '["braze.catalogs"]',
    "attraqt_item_schemas": '["attraqt_item_schemas"]',
    "attraqt_category_trees": '["attraqt_category_trees"]',
    "attraqt_ledgers": '["attraqt.ledgers"]',
    "attraqt_batches": '["attraqt.batches"]',
    "attraqt_ingestions": '["attraqt.ingestions"]',
}
# Tables whose id was their owner's and a position in one number, and the owner's column.
POSITIONED = {"braze_items": "catalog_id", "attraqt_items": "ledger_id"}
_TENANCY = ("tenant", "environment")
_SHIFT = 2**32


def upgrade() -> None:
    """Bring the schema here."""
    for table in (*NUMBERED, "attraqt_catalogs"):
        _rebuild(table)
    for table, owner in POSITIONED.items():
        _rebuild(table, {"position": f"id - {owner} * {_SHIFT}"})
    _add_columns()
    _count_on()
    op.create_table(
        "snapshots",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("credentials", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "name", "member", name=op.f("pk_snapshots")),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("snapshots")
    with op.batch_alter_table("sandboxes", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_index(table.f("ix_sandboxes_source_id"))
        for name in ("last_job", "seeded", "purpose", "source_id"):
            table.drop_column(name)
    for name in (*NUMBERED, "attraqt_catalogs", *POSITIONED):
        op.drop_table(name)
        _create(name, _old_key(name))


def _rebuild(table: str, computed: dict[str, str] | None = None) -> None:
    """Give a table its new key; what it holds is put aside meanwhile, names of keys and all."""
    op.execute(f"CREATE TABLE moved AS SELECT * FROM {table}")  # noqa: S608
    op.drop_table(table)
    _create(table, _new_key(table))
    columns = [column.name for column in [*_new_key(table)[0], *_rest(table)]]
    chosen = [(computed or {}).get(name, name) for name in columns]
    into, values = ", ".join(columns), ", ".join(chosen)
    op.execute(f"INSERT INTO {table} ({into}) SELECT {values} FROM moved")  # noqa: S608
    op.drop_table("moved")


def _add_columns() -> None:
    with op.batch_alter_table("sandboxes", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("last_job", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(
            sa.Column("seeded", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("purpose", sa.String(length=10)))
        table.add_column(sa.Column("source_id", sa.Integer()))
    # The defaults were for the rows that there were.
    with op.batch_alter_table("sandboxes", table_kwargs={"sqlite_autoincrement": True}) as table:
        for name in ("last_job", "seeded"):
            table.alter_column(name, server_default=None)
        table.create_index(table.f("ix_sandboxes_source_id"), ["source_id"])


def _count_on() -> None:
    """Let every sandbox go on with its own numbers after those that it has."""
    op.execute(
        "UPDATE sandboxes SET last_job = coalesce("
        "(SELECT max(id) FROM jobs WHERE jobs.sandbox_id = sandboxes.id), 0)"
    )
    for table, series in NUMBERED.items():
        if series is not None:
            op.execute(
                f"INSERT INTO series (sandbox_id, name, last) SELECT sandbox_id, '{series}',"  # noqa: S608
                f" max(id) FROM {table} GROUP BY sandbox_id"
            )


Key = tuple[list[sa.Column[Any]], dict[str, Any]]


def _new_key(table: str) -> Key:
    """Return the columns of the key."""
    sandbox = sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False)
    if table == "attraqt_catalogs":
        version = sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False)
        return [sandbox, *_tenancy(), version], {}
    if table in POSITIONED:
        owner = sa.Column(POSITIONED[table], sa.Integer(), autoincrement=False, nullable=False)
        number = sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False)
        return [sandbox, owner, number], {}
    return [sandbox, sa.Column("id", sa.Integer(), autoincrement=False, nullable=False)], {}


def _old_key(table: str) -> Key:
    """Return the key of before, which is the first column alone."""
    sandbox = sa.Column("sandbox_id", sa.Integer(), nullable=False)
    if table in POSITIONED:
        kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
        id_ = sa.Column("id", kind, autoincrement=False, nullable=False)
        return [id_, sandbox, sa.Column(POSITIONED[table], sa.Integer(), nullable=False)], {}
    id_ = sa.Column("id", sa.Integer(), nullable=False)
    if table == "attraqt_catalogs":
        version = sa.Column("version", sa.BigInteger(), nullable=False)
        return [id_, sandbox, *_tenancy(), version], {}
    return [id_, sandbox], {"sqlite_autoincrement": True}


def _tenancy() -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(length=100), nullable=False) for name in _TENANCY]


def _create(table: str, key: Key) -> None:
    columns, options = key
    names = [column.name for column in columns]
    old = names[0] == "id"
    op.create_table(
        table,
        *columns,
        *_rest(table),
        sa.PrimaryKeyConstraint(*names[: 1 if old else None], name=op.f(f"pk_{table}")),
        *_constraints(table, old=old),
        **options,
    )
    if table == "jobs":
        columns_of_index = ["sandbox_id", "state", "due_at", "id"]
        op.create_index(op.f("ix_jobs_sandbox_id_state_due_at_id"), table, columns_of_index)
    if table == "attraqt_catalogs":
        for state in ("ACTIVE", "ACTIVATING"):
            only = sa.text(f"state = '{state}'")
            op.create_index(
                f"uq_attraqt_catalogs_{state.lower()}",
                table,
                ["sandbox_id", *_TENANCY],
                unique=True,
                sqlite_where=only,
                postgresql_where=only,
            )


def _constraints(table: str, *, old: bool) -> list[sa.Constraint]:
    in_tenancy = ("sandbox_id", *_TENANCY)
    if table == "attraqt_catalogs":
        found: list[sa.Constraint] = [
            sa.UniqueConstraint(*in_tenancy, "slot", name="uq_attraqt_catalogs_slot"),
            sa.CheckConstraint("slot IN (1, 2)", name=op.f("ck_attraqt_catalogs_slot")),
        ]
        if old:
            version = "uq_attraqt_catalogs_version"
            found.append(sa.UniqueConstraint(*in_tenancy, "version", name=version))
        return found
    if table in ("attraqt_item_schemas", "attraqt_category_trees"):
        return [sa.UniqueConstraint(*in_tenancy, "name", "version", name=f"uq_{table}_version")]
    unique = {
        "braze_catalogs": ("sandbox_id", "name"),
        "braze_items": ("sandbox_id", "catalog_id", "item_id"),
        "attraqt_items": ("sandbox_id", "ledger_id", "item_id", "type"),
        "attraqt_ledgers": (*in_tenancy, "version"),
        "attraqt_batches": (*in_tenancy, "name"),
        "attraqt_ingestions": (*in_tenancy, "name"),
    }
    if table not in unique:
        return []
    return [sa.UniqueConstraint(*unique[table], name=op.f(f"uq_{table}_{'_'.join(unique[table])}"))]


def _rest(table: str) -> list[sa.Column[Any]]:
    """Return the columns beside the key, the same before and after."""
    versioned = [
        *_tenancy(),
        _text("name", 250),
        _long("version"),
        _text("document"),
        _text("summary"),
    ]
    rest = {
        "jobs": [
            _text("kind", 80),
            _text("payload"),
            _text("state", 10),
            _text("outcome", nullable=True),
            _long("due_at"),
            _long("created_at"),
            _long("finished_at", nullable=True),
        ],
        "braze_catalogs": [
            _text("name", 250),
            _text("description"),
            _text("fields"),
            _int("num_items"),
            _long("storage_size"),
            _long("updated_at"),
            _int("tokens"),
            _int("drops"),
            _text("selections"),
            _long("last_position"),
        ],
        "braze_items": [_text("item_id", 250), _text("document"), _int("tokens"), _int("drops")],
        "attraqt_catalogs": [_int("slot"), _text("state", 10), _text("document")],
        "attraqt_item_schemas": versioned,
        "attraqt_category_trees": versioned,
        "attraqt_ledgers": [
            *_tenancy(),
            _long("version"),
            _text("receipt_id", 36),
            _long("created_at"),
            sa.Column("is_open", sa.Boolean(), nullable=False),
            _long("num_items"),
            _long("last_item"),
            _long("last_update"),
        ],
        "attraqt_items": [
            _text("item_id", 250),
            _text("type", 250),
            _long("changed_at"),
            _text("document", nullable=True),
            _text("source"),
            _int("ingestion_id"),
        ],
        "attraqt_batches": [
            *_tenancy(),
            _text("name", 36),
            _long("created_at"),
            _long("last_item"),
        ],
        "attraqt_ingestions": [
            *_tenancy(),
            _text("name", 36),
            _text("status", 9),
            _text("configuration"),
            _text("result"),
            _long("created_at"),
            _long("due_at"),
            _long("ended_at", nullable=True),
        ],
    }
    return rest[table]


def _text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column[Any]:
    kind = sa.Text() if length is None else sa.String(length=length)
    return sa.Column(name, kind, nullable=nullable)


def _int(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _long(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)
