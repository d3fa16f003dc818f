"""Reports on the wire (docs/vendors/squared.md#116-reports)."""

from typing import Annotated

from pydantic import Field

from mockalog.vendors.squared.rules.syncs import reports as rules
from mockalog.vendors.squared.schemas.base import In, Out, Timestamp, absent, exampled, spelled

_Ids = Annotated[list[Annotated[int, Field(gt=0)]], Field(min_length=1)]
_IDS = "Only runs that read from, or write to, one of these connectors"


class _ReportQueryIn(In):
    """The report to make."""

    type: Annotated[str, spelled(rules.TYPE)]
    metric: Annotated[str, spelled(*rules.METRICS, rules.ALL)] = absent(
        description="`all` by default"
    )
    time_period: Annotated[str, spelled(*rules.DAYS)] = absent(
        description="From the start of the day seven days ago, or one; `one_week` by default"
    )


class ServerReportQueryIn(_ReportQueryIn):
    """The report to make."""

    bracketed_ids: _Ids = absent(alias="connector_ids[]", description=_IDS)


class ReportQueryIn(_ReportQueryIn):
    """The report to make; the server's `connector_ids[]` works too.

    It is not in the document: generated clients give both the same name.
    """

    connector_ids: _Ids = absent(description=_IDS)


class SliceOut(Out):
    """The runs, or their rows, of a slice of time."""

    time_slice: Timestamp = Field(description="The start of the slice")
    total_count: int
    failed_count: int
    success_count: int


_SLICE = {
    "time_slice": "2026-03-01T22:48:00.000Z",
    "total_count": 3,
    "failed_count": 1,
    "success_count": 2,
}


class MetricsOut(Out):
    """Both metrics."""

    sync_run_triggered: list[SliceOut] = Field(description="Runs")
    total_sync_run_rows: list[SliceOut] = Field(description="Rows of runs")


class ReportOut(Out):
    """30 or 31 slices of equal length of each metric, or of the one that was asked for."""

    model_config = exampled(
        {"data": {"sync_run_triggered": [_SLICE], "total_sync_run_rows": [_SLICE]}},
        {"data": [_SLICE]},
    )

    data: MetricsOut | list[SliceOut]
