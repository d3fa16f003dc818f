"""Reports on the runs of a workspace. Instants are microseconds.

Source: docs/vendors/squared.md#116-reports.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from mockalog.kernel.clock import SECOND, iso_millis
from mockalog.vendors.squared.rules.validation import Key, checked, require

TYPE = "workspace_activity"

_DAY = 24 * 3600 * SECOND
DAYS: Mapping[str, int] = {"one_week": 7, "one_day": 1}
_SLICES = 30

# Each metric's counters, in the order in which a slice shows them.
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
_KNOWN: Mapping[str, tuple[Sequence[str], str]] = {
    "type": ((TYPE,), "invalid type"),
    "metric": ((*METRICS, ALL), "invalid metric"),
    "time_period": (
        tuple(DAYS),
        "invalid time_period. Possible values are 'one_week' or 'one_day'",
    ),
}


class Report(NamedTuple):
    """A report to make; `connector_ids` empty: of all connectors."""

    metric: str
    days: int
    connector_ids: frozenset[int]


class Slices(NamedTuple):
    """The slices of a period: when it begins, how long each is, how many there are."""

    start: int
    length: int
    number: int


def wanted(query: Mapping[str, Any]) -> Report:
    """Return the report that a query asks for; raises `Invalid`."""
    values, errors = checked(query, _CONTRACT)
    if "connector_ids" in values and "connector_ids" not in errors:
        values["connector_ids"], problem = _ids(values["connector_ids"])
        errors.update({"connector_ids": problem} if problem else {})
    for name, (known, message) in _KNOWN.items():
        if name in values and name not in errors and values[name].lower() not in known:
            errors[name] = [message]
    require(errors)
    return Report(
        values.get("metric", ALL).lower(),
        DAYS[values.get("time_period", "one_week").lower()],
        frozenset(values.get("connector_ids", ())),
    )


def _ids(sent: Sequence[Any]) -> tuple[Sequence[int], Any]:
    numbered = {str(number): value for number, value in enumerate(sent)}
    ids, errors = checked(numbered, dict.fromkeys(numbered, Key("integer", filled=False)))
    if not errors and any(id_ <= 0 for id_ in ids.values()):
        return (), ["each connector_id must be greater than 0"]
    return tuple(ids.values()), errors


def slices(days: int, now: int) -> Slices:
    """Cut the time since the start of the day that many days ago into thirty, and a rest."""
    start = now - now % _DAY - days * _DAY
    length = (now - start) // _SLICES
    return Slices(start, length, -(-(now - start) // length))


def report(wanted: Report, period: Slices, groups: Iterable[Any]) -> Any:
    """Return the slices by metric; those of a single one stand alone.

    A group has the counters of a slice and a pair of connectors.
    """
    counters = [name for names in METRICS.values() for name in names]
    counted = [dict.fromkeys(counters, 0) for _ in range(period.number)]
    for group in groups:
        if _concerns(wanted, group):
            # A run of this very instant begins where the last slice ends.
            counts = counted[min(int(group.slice), period.number - 1)]
            for name, number in counts.items():
                counts[name] = number + int(getattr(group, name))
    shown = {name: _slices(name, period, counted) for name in METRICS}
    return shown if wanted.metric == ALL else shown[wanted.metric]


def _slices(
    metric: str, period: Slices, counted: Sequence[Mapping[str, int]]
) -> list[dict[str, Any]]:
    return [
        {"time_slice": iso_millis(period.start + n * period.length), **_counts(metric, counts)}
        for n, counts in enumerate(counted)
    ]


def _concerns(wanted: Report, group: Any) -> bool:
    ids = wanted.connector_ids
    return not ids or group.source_id in ids or group.destination_id in ids


def _counts(metric: str, counts: Mapping[str, int]) -> dict[str, int]:
    total, failed, succeeded = METRICS[metric]
    return {
        "total_count": counts[total],
        "failed_count": counts[failed],
        "success_count": counts[succeeded],
    }
