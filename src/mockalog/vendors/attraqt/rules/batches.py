"""What batches and ingestions may say and when they end.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from mockalog.kernel.clock import EARLIEST, SECOND
from mockalog.vendors.attraqt.errors import (
    BATCH_IMPORT_EXPIRED,
    BATCH_IMPORT_NOT_FOUND,
    INVALID_ARGUMENT,
    Rejected,
)
from mockalog.vendors.attraqt.rules.feedback import told
from mockalog.vendors.attraqt.rules.instants import UNITS, span
from mockalog.vendors.attraqt.rules.tenancy import integer

# "A batch lives 7 days" (docs).
LIFE = 7 * UNITS["DAY"] * SECOND

# Characters of a source (inferred); items are stored with it.
MAX_SOURCE = 250

PENDING = "pending"
RUNNING = "running"
COMPLETED = "completed"
FAILED = "failed"
STATUSES = (PENDING, RUNNING, COMPLETED, FAILED)

# A UUID, or the version of the catalog whose default batch it is.
BATCH_NAME = re.compile(r"[0-9a-fA-F-]{36}|[0-9]{1,19}")


class Configuration(NamedTuple):
    """What an ingestion is asked to do, under its wire names' order."""

    batch: str
    version: int
    min_items: int
    min_success_percent: int
    source: str
    delete_missing: bool
    promote: bool


def batch_name(text: Any) -> str | None:
    """Return what a batch can be called, None for anything else."""
    return text.lower() if isinstance(text, str) and BATCH_NAME.fullmatch(text) else None


def known_batch(batch: Any | None) -> Any:
    """Return the batch; raises `Rejected` if there is none."""
    if batch is None:
        raise Rejected(BATCH_IMPORT_NOT_FOUND)
    return batch


def check_life(created_at: int, now: int) -> None:
    """Refuse a batch that is older than seven days."""
    if now - created_at >= LIFE:
        raise Rejected(BATCH_IMPORT_EXPIRED)


def configuration(body: Any) -> Configuration:
    """Return what the body asks for; raises `Rejected`.

    Without a batch it is the default batch of the catalog.
    """
    wanted = body if isinstance(body, dict) else {}
    version = _number(wanted, "catalogVersion", None)
    return Configuration(
        batch=_batch(wanted.get("batchImportId"), version),
        version=version,
        min_items=_number(wanted, "minItemCount", 0),
        min_success_percent=_percent(wanted),
        source=_source(wanted.get("source")),
        delete_missing=_flag(wanted, "deleteMissingItems"),
        promote=_flag(wanted, "promoteCatalogOnCompletion"),
    )


def _batch(name: Any, version: int) -> str:
    if name in (None, ""):
        return str(version)
    # A default batch's id is a version, which is a number where it comes from (inferred).
    number = None if isinstance(name, str) else integer(name)
    found = batch_name(name) if number is None else str(number)
    if found is None:
        raise unknown_batch(name)
    return found


def unknown_batch(name: Any) -> Rejected:
    """Return the refusal of an ingestion whose batch is not there (client: its words)."""
    return Rejected(INVALID_ARGUMENT, f"Invalid UUID string: {told(str(name))}")


def _number(wanted: Mapping[str, Any], key: str, default: int | None) -> int:
    number = default if wanted.get(key) is None else integer(wanted[key])
    if number is None:
        raise Rejected(INVALID_ARGUMENT, f"{key} must be an integer of at least 0")
    return number


def _percent(wanted: Mapping[str, Any]) -> int:
    percent = _number(wanted, "minSuccessRatePercent", 0)
    if percent > 100:
        raise Rejected(INVALID_ARGUMENT, "minSuccessRatePercent must be at most 100")
    return percent


def _source(source: Any) -> str:
    if source is None:
        return ""
    if not isinstance(source, str) or "\x00" in source or len(source) > MAX_SOURCE:
        raise Rejected(
            INVALID_ARGUMENT, f"source must be a text of at most {MAX_SOURCE} characters"
        )
    return source


def _flag(wanted: Mapping[str, Any], key: str) -> bool:
    """Return a flag; JSON transcoding takes it as text as well (inferred)."""
    value = wanted.get(key)
    if value is None or isinstance(value, bool):
        return bool(value)
    if value not in ("true", "false"):
        raise Rejected(INVALID_ARGUMENT, f"{key} must be true or false")
    return bool(value == "true")


def shortfall(wanted: Configuration, *, valid: int, total: int) -> str:
    """Return why an ingestion fails, "" if enough items pass their schemas."""
    if valid < wanted.min_items:
        return f"minItemCount is {wanted.min_items}, found {valid} valid items"
    if valid * 100 < wanted.min_success_percent * total:
        return (
            f"minSuccessRatePercent is {wanted.min_success_percent}, "
            f"found {valid} valid items of {total}"
        )
    return ""


def status_at(status: str, created_at: int, due_at: int, now: int) -> str:
    """Return an ingestion's status; of the time it takes the second half is `running`.

    When one becomes the other is inferred, so that a poller meets both.
    """
    if status == PENDING and now - created_at >= (due_at - created_at) / 2:
        return RUNNING
    return status


def status_filter(text: str | None) -> str | None:
    """Return the status to filter by, whatever its case; raises `Rejected`."""
    if not text:
        return None
    if text.lower() not in STATUSES:
        raise Rejected(INVALID_ARGUMENT, f"status must be one of {', '.join(STATUSES)}")
    return text.lower()


def since(lookback: str | None, now: int) -> int:
    """Return from which instant on ingestions are listed; raises `Rejected`."""
    if not lookback:
        return EARLIEST
    duration = span(lookback)
    if duration is None:
        raise Rejected(INVALID_ARGUMENT, "lookback_duration must be such as 7d or 24h")
    return max(EARLIEST, now - duration)
