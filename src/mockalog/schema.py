"""Every table: Alembic compares with them, and an ephemeral database is made from them."""

from mockalog import vendors
from mockalog.kernel.database.models import metadata

__all__ = ["metadata", "vendors"]
