"""Macros: the sandbox's clock, and the functions that a source has and DuckDB lacks."""

from collections.abc import Mapping

from mockalog.vendors.squared.sql.dialects import rules_of
from mockalog.vendors.squared.sql.sources import Source

# The net below `translation/clock.py`: no query sees the machine's time. The variable `now` is set
# for each query.
_CLOCK: Mapping[str, str] = {
    "now": "TIMESTAMPTZ",
    "get_current_timestamp": "TIMESTAMPTZ",
    "transaction_timestamp": "TIMESTAMPTZ",
    "current_timestamp": "TIMESTAMPTZ",
    "localtimestamp": "TIMESTAMP",
    "current_localtimestamp": "TIMESTAMP",
    "current_date": "DATE",
    "today": "DATE",
    "current_time": "TIME",
    "get_current_time": "TIME",
    "localtime": "TIME",
    "current_localtime": "TIME",
}


def macros_of(source: Source) -> str:
    """Return the statements that create the macros of a source."""
    clock = [f"CREATE MACRO {name}() AS getvariable('now')::{t}" for name, t in _CLOCK.items()]
    return ";\n".join([*clock, *rules_of(source).macros])
