"""The configuration and the status of ingestions.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from collections.abc import Mapping

from mockalog.kernel.clock import EARLIEST
from mockalog.vendors.attraqt.errors import INVALID_ARGUMENT, AttraqtError
from mockalog.vendors.attraqt.json_columns import MAX_SOURCE, Configuration
from mockalog.vendors.attraqt.models import INGESTION_STATUSES
from mockalog.vendors.attraqt.rules.batch_imports import parse_batch_name
from mockalog.vendors.attraqt.rules.feedback import message
from mockalog.vendors.attraqt.rules.primitives import integer
from mockalog.vendors.attraqt.rules.timestamps import parse_duration

PENDING, RUNNING, COMPLETED, FAILED = INGESTION_STATUSES


def parse_configuration(body: object) -> Configuration:
    """Return the configuration that the body describes; raises `AttraqtError`.

    Without a batch the ingestion reads the default batch of the catalog.
    """
    fields = body if isinstance(body, dict) else {}
    version = _number(fields, "catalogVersion", None)
    return Configuration(
        batch=_batch(fields.get("batchImportId"), version),
        version=version,
        min_items=_number(fields, "minItemCount", 0),
        min_success_percent=_percent(fields),
        source=_source(fields.get("source")),
        delete_missing=_flag(fields, "deleteMissingItems"),
        promote=_flag(fields, "promoteCatalogOnCompletion"),
    )


def _batch(name: object, version: int) -> str:
    if name in (None, ""):
        return str(version)
    # The id of a default batch may be a number, because it is a version (inferred).
    text = name if isinstance(name, str) else str(integer(name))
    parsed = parse_batch_name(text)
    if parsed is None:
        raise unknown_batch(name)
    return parsed


def unknown_batch(name: object) -> AttraqtError:
    """Return the error of an ingestion whose batch does not exist (wording of a client)."""
    return AttraqtError(INVALID_ARGUMENT, f"Invalid UUID string: {message(str(name))}")


def _number(fields: Mapping[str, object], key: str, default: int | None) -> int:
    number = default if fields.get(key) is None else integer(fields[key])
    if number is None:
        raise AttraqtError(INVALID_ARGUMENT, f"{key} must be an integer of at least 0")
    return number


def _percent(fields: Mapping[str, object]) -> int:
    percent = _number(fields, "minSuccessRatePercent", 0)
    if percent > 100:
        raise AttraqtError(INVALID_ARGUMENT, "minSuccessRatePercent must be at most 100")
    return percent


def _source(source: object) -> str:
    if source is None:
        return ""
    if not isinstance(source, str) or "\x00" in source or len(source) > MAX_SOURCE:
        raise AttraqtError(
            INVALID_ARGUMENT, f"source must be a text of at most {MAX_SOURCE} characters"
        )
    return source


def _flag(fields: Mapping[str, object], key: str) -> bool:
    """Return a flag; JSON transcoding takes it as text as well (inferred)."""
    value = fields.get(key)
    if value is None or isinstance(value, bool):
        return bool(value)
    if value not in ("true", "false"):
        raise AttraqtError(INVALID_ARGUMENT, f"{key} must be true or false")
    return value == "true"


def shortfall(configuration: Configuration, *, valid: int, total: int) -> str:
    """Return the reason why an ingestion fails, "" if enough items match their schemas."""
    if valid < configuration.min_items:
        return f"minItemCount is {configuration.min_items}, found {valid} valid items"
    if valid * 100 < configuration.min_success_percent * total:
        return (
            f"minSuccessRatePercent is {configuration.min_success_percent}, "
            f"found {valid} valid items of {total}"
        )
    return ""


def status_at(status: str, created_at: int, due_at: int, now: int) -> str:
    """Return the status of an ingestion at an instant.

    It is `running` in the second half of its duration (inferred), so that a client sees both.
    """
    if status == PENDING and now - created_at >= (due_at - created_at) / 2:
        return RUNNING
    return status


def parse_status_filter(text: str | None) -> str | None:
    """Return the status of a filter, in any case; raises `AttraqtError`."""
    if not text:
        return None
    if text.lower() not in INGESTION_STATUSES:
        statuses = ", ".join(INGESTION_STATUSES)
        raise AttraqtError(INVALID_ARGUMENT, f"status must be one of {statuses}")
    return text.lower()


def listed_since(lookback: str | None, now: int) -> int:
    """Return the instant from which on ingestions are listed; raises `AttraqtError`."""
    if not lookback:
        return EARLIEST
    duration = parse_duration(lookback)
    if duration is None:
        raise AttraqtError(INVALID_ARGUMENT, "lookback_duration must be such as 7d or 24h")
    return max(EARLIEST, now - duration)
