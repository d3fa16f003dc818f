"""Reports on the runs of a workspace. Instants are microseconds.

Source: docs/vendors/squared.md#116-reports.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from mockalog.kernel.clock import SECOND, iso_millis
from mockalog.vendors.squared.rules.params import from_pairs
from mockalog.vendors.squared.rules.validation import Key, require_no_errors, validate

TYPE = "workspace_activity"

_MINUTE = 60 * SECOND
_DAY = 24 * 60 * _MINUTE
DAYS: Mapping[str, int] = {"one_week": 7, "one_day": 1}
# The period has so many whole slices.
_SLICES = 29

# Each metric's counters, in the order of a slice.
METRICS: Mapping[str, tuple[str, str, str]] = {
    "sync_run_triggered": ("runs", "failures", "successes"),
    "total_sync_run_rows": ("rows", "failed_rows", "successful_rows"),
}
ALL = "all"

_CONTRACT = {
    "type": Key("string"),
    "metric": Key("string", required=False),
    "connector_ids": Key("array", required=False),
    "time_period": Key("string", required=False),
}
_ALLOWED: Mapping[str, tuple[Sequence[str], str]] = {
    "type": ((TYPE,), "invalid type"),
    "metric": ((*METRICS, ALL), "invalid metric"),
    "time_period": (
        tuple(DAYS),
        "invalid time_period. Possible values are 'one_week' or 'one_day'",
    ),
}


class ReportQuery(NamedTuple):
    """The query of a report; without `connector_ids` it is of all connectors."""

    metric: str
    days: int
    connector_ids: frozenset[int]


class SliceRow(NamedTuple):
    """The counters of one slice and one pair of connectors; a sum is a Decimal in PostgreSQL."""

    slice: int
    source_id: int
    destination_id: int
    runs: int
    failures: int | Decimal
    successes: int | Decimal
    rows: int | Decimal
    failed_rows: int | Decimal
    successful_rows: int | Decimal


class TimeSlices(NamedTuple):
    """The slices of a period, which begins at `since`, within the first one.

    `start`: of the first slice. `length`, in microseconds: of each. `number`: of all.
    """

    since: int
    start: int
    length: int
    number: int


def report_query(pairs: Iterable[tuple[str, str]], dialect: str) -> ReportQuery:
    """Return the report's query; raises `ContractError` and `MalformedBodyError`."""
    values, errors = validate(from_pairs(_with_arrays(pairs, dialect)), _CONTRACT)
    if "connector_ids" in values and "connector_ids" not in errors:
        values["connector_ids"], problem = _ids(values["connector_ids"])
        errors.update({"connector_ids": problem} if problem else {})
    for name, (allowed, message) in _ALLOWED.items():
        if name in values and name not in errors and values[name].lower() not in allowed:
            errors[name] = [message]
    require_no_errors(errors)
    return ReportQuery(
        values.get("metric", ALL).lower(),
        DAYS[values.get("time_period", "one_week").lower()],
        frozenset(values.get("connector_ids", ())),
    )


def _with_arrays(pairs: Iterable[tuple[str, str]], dialect: str) -> Iterator[tuple[str, str]]:
    """Yield the query's names and values with the array's name as Rails knows it.

    In the docs dialect an array needs no brackets (docs/vendors/squared.md#116-reports).
    """
    for name, value in pairs:
        yield f"{name}[]" if (name, dialect) == ("connector_ids", "docs") else name, value


def _ids(sent: Sequence[object]) -> tuple[Sequence[int], object]:
    numbered = {str(number): value for number, value in enumerate(sent)}
    ids, errors = validate(numbered, dict.fromkeys(numbered, Key("integer", filled=False)))
    if not errors and any(id_ <= 0 for id_ in ids.values()):
        return (), ["each connector_id must be greater than 0"]
    return tuple(ids.values()), errors


def time_slices(days: int, now: int) -> TimeSlices:
    """Return the slices of the time since the start of the day `days` ago.

    They have a whole number of minutes and begin at multiples of it since 1970. The last one
    contains `now`.
    """
    since = now - now % _DAY - days * _DAY
    length = (now - since) // _MINUTE // _SLICES * _MINUTE
    start = since - since % length
    return TimeSlices(since, start, length, (now - start) // length + 1)


def report(query: ReportQuery, period: TimeSlices, groups: Iterable[SliceRow]) -> object:
    """Return the slices of the query's metric, or of all metrics by name."""
    counters = [name for names in METRICS.values() for name in names]
    counted = [dict.fromkeys(counters, 0) for _ in range(period.number)]
    for group in groups:
        if _concerns(query, group):
            counts = counted[int(group.slice)]
            for name, number in counts.items():
                counts[name] = number + int(getattr(group, name))
    shown = {name: _slices(name, period, counted) for name in METRICS}
    return shown if query.metric == ALL else shown[query.metric]


def _slices(
    metric: str, period: TimeSlices, counted: Sequence[Mapping[str, int]]
) -> list[dict[str, object]]:
    return [
        {"time_slice": iso_millis(period.start + n * period.length), **_counts(metric, counts)}
        for n, counts in enumerate(counted)
    ]


def _concerns(query: ReportQuery, group: SliceRow) -> bool:
    ids = query.connector_ids
    return not ids or group.source_id in ids or group.destination_id in ids


def _counts(metric: str, counts: Mapping[str, int]) -> dict[str, int]:
    total, failed, succeeded = METRICS[metric]
    return {
        "total_count": counts[total],
        "failed_count": counts[failed],
        "success_count": counts[succeeded],
    }
