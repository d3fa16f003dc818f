"""The ids and the life of batches.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

import re

from mockalog.kernel.clock import SECOND
from mockalog.vendors.attraqt.errors import BATCH_IMPORT_EXPIRED, AttraqtError
from mockalog.vendors.attraqt.rules.timestamps import UNITS

# "A batch lives 7 days" (docs). In microseconds.
LIFE = 7 * UNITS["DAY"] * SECOND

# A UUID; for a catalog's default batch the version of the catalog.
BATCH_NAME = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]{1,19}")


def parse_batch_name(text: str) -> str | None:
    """Return the id of a batch or an ingestion in lower case, None if it is malformed."""
    return text.lower() if BATCH_NAME.fullmatch(text) else None


def check_life(created_at: int, now: int) -> None:
    """Refuse a batch that is older than seven days; raises `AttraqtError`."""
    if now - created_at >= LIFE:
        raise AttraqtError(BATCH_IMPORT_EXPIRED)
