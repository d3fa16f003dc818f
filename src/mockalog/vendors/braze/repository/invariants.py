"""Cross-row invariants of Braze's tables, which the import of a state checks."""

from mockalog.kernel.documents.invariants import counted, numbered
from mockalog.vendors.braze.models import catalogs, items
from mockalog.vendors.braze.repository.catalogs import NUMBERS

INVARIANTS = (
    numbered(catalogs.c.id, NUMBERS),
    counted(
        items.c.position, catalogs.c.last_position, catalogs.c.id == items.c.catalog_id, first=0
    ),
)
