"""The configuration and the status of ingestions.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

import re
from collections.abc import Mapping
from decimal import MIN_EMIN, Context, Decimal

from mockalog.kernel.clock import EARLIEST
from mockalog.vendors.attraqt.errors import (
    BATCH_IMPORT_NOT_FOUND,
    INVALID_ARGUMENT,
    AttraqtError,
)
from mockalog.vendors.attraqt.json_columns import MAX_SOURCE, Configuration, Percent
from mockalog.vendors.attraqt.models import INGESTION_STATUSES
from mockalog.vendors.attraqt.rules.batch_imports import parse_batch_name
from mockalog.vendors.attraqt.rules.primitives import MAX_SHOWN, integer, shortened, shown
from mockalog.vendors.attraqt.rules.timestamps import parse_duration

PENDING, RUNNING, COMPLETED, FAILED = INGESTION_STATUSES

# A number that is written as text.
NUMBER = re.compile(r"[0-9]{1,19}(\.[0-9]{1,19})?")

# A client searches for this text.
_NO_UUID = "Invalid UUID string"


def parse_configuration(body: object) -> Configuration:
    """Return the configuration that the body describes; raises `AttraqtError`.

    Its batch is "" for the default batch of the catalog.
    """
    fields = body if isinstance(body, dict) else {}
    version = _number(fields, "catalogVersion", None)
    return Configuration(
        batch=_batch(fields.get("batchImportId")),
        version=version,
        min_items=_number(fields, "minItemCount", 0),
        min_success_percent=_percent(fields),
        source=_source(fields.get("source")),
        delete_missing=_flag(fields, "deleteMissingItems"),
        promote=_flag(fields, "promoteCatalogOnCompletion"),
    )


def _batch(name: object) -> str:
    if name in (None, ""):
        return ""
    # The id of a default batch may be a number, because it is a version (inferred).
    text = name if isinstance(name, str) else str(integer(name))
    parsed = parse_batch_name(text)
    if parsed is None:
        raise _no_uuid(name)
    return parsed


def unknown_batch(name: str) -> AttraqtError:
    """Return the error of an ingestion whose batch does not exist.

    `name`: "" for a default batch. A number can only be the id of a default batch.
    """
    if not name:
        return AttraqtError(INVALID_ARGUMENT, f"{_NO_UUID}: batchImportId is missing")
    return _no_uuid(name) if name.isdigit() else AttraqtError(BATCH_IMPORT_NOT_FOUND)


def _no_uuid(name: object) -> AttraqtError:
    text = name if isinstance(name, str) else shown(name)
    return AttraqtError(INVALID_ARGUMENT, f"{_NO_UUID}: {shortened(text, MAX_SHOWN)}")


def _number(fields: Mapping[str, object], key: str, default: int | None) -> int:
    number = default if fields.get(key) is None else integer(fields[key])
    if number is None:
        text = f"{key} must be an integer of at least 0, not {shown(fields.get(key))}"
        raise AttraqtError(INVALID_ARGUMENT, text)
    return number


def _percent(fields: Mapping[str, object]) -> Percent:
    """Return a percentage; JSON transcoding takes a number as text as well (inferred)."""
    value = fields.get("minSuccessRatePercent")
    number = 0 if value is None else _json_number(value)
    if number is None or not 0 <= number <= 100:
        text = f"minSuccessRatePercent must be a number from 0 to 100, not {shown(value)}"
        raise AttraqtError(INVALID_ARGUMENT, text)
    whole = integer(number)
    return number if whole is None else whole


def _json_number(value: object) -> Percent | None:
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return value
    return None


def _source(source: object) -> str:
    if source is None:
        return ""
    if not isinstance(source, str) or "\x00" in source or len(source) > MAX_SOURCE:
        text = f"source must be a text of at most {MAX_SOURCE} characters, not {shown(source)}"
        raise AttraqtError(INVALID_ARGUMENT, text)
    return source


def _flag(fields: Mapping[str, object], key: str) -> bool:
    """Return a flag; JSON transcoding takes it as text as well (inferred)."""
    value = fields.get(key)
    if value is None or isinstance(value, bool):
        return bool(value)
    if value not in ("true", "false"):
        raise AttraqtError(INVALID_ARGUMENT, f"{key} must be true or false, not {shown(value)}")
    return value == "true"


def shortfall(configuration: Configuration, *, valid: int, total: int) -> str:
    """Return the reason why an ingestion fails, "" if enough items match their schemas."""
    if valid < configuration.min_items:
        return f"minItemCount is {configuration.min_items}, found {valid} valid items"
    if _is_below(configuration.min_success_percent, valid, total):
        return (
            f"minSuccessRatePercent is {configuration.min_success_percent}, "
            f"found {valid} valid items of {total}"
        )
    return ""


def _is_below(percent: Percent, valid: int, total: int) -> bool:
    """Return whether `valid` of `total` items are less than a percentage, without rounding.

    A float counts as the decimal number that a client wrote: 66.7 % of 1000 items are 667.
    """
    text = str(percent)
    exact = Context(prec=len(text) + len(str(total)), Emin=MIN_EMIN)
    return valid * 100 < exact.multiply(Decimal(text), total)


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
