"""braze items, fields and selections."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Every field of the stored JSON has one token, and the id's is not one that was given.
_TOKENS = """
    UPDATE braze_catalogs
    SET tokens = (length(fields) - length(replace(fields, '"token":', ''))) / 8 - 1
"""


def upgrade() -> None:
    """Bring the schema here."""
    op.create_table(
        "braze_gaps",
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("catalog_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "sandbox_id", "catalog_id", "size", "block", name=op.f("pk_braze_gaps")
        ),
    )
    op.create_table(
        "braze_items",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("sandbox_id", sa.Integer(), nullable=False),
        sa.Column("catalog_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=250), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.Column("drops", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_braze_items")),
        sa.UniqueConstraint(
            "sandbox_id",
            "catalog_id",
            "item_id",
            name=op.f("uq_braze_items_sandbox_id_catalog_id_item_id"),
        ),
    )
    with op.batch_alter_table(
        "braze_catalogs", recreate="auto", table_kwargs={"sqlite_autoincrement": True}
    ) as table:
        for name, kind, default in (
            ("tokens", sa.Integer(), "0"),
            ("drops", sa.Integer(), "0"),
            ("selections", sa.Text(), "[]"),
            ("last_position", sa.BigInteger(), "0"),
        ):
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    op.execute(_TOKENS)
    # The defaults were for the rows that there were.
    with op.batch_alter_table(
        "braze_catalogs", table_kwargs={"sqlite_autoincrement": True}
    ) as table:
        for name in ("tokens", "drops", "selections", "last_position"):
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("braze_catalogs") as table:
        for name in ("tokens", "drops", "selections", "last_position"):
            table.drop_column(name)
    op.drop_table("braze_items")
    op.drop_table("braze_gaps")
