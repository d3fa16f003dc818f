"""Dates and times in text literals (manual, 8.5.1, and appendix B, "Date/Time Input")."""

import re
from datetime import date
from typing import NamedTuple

from mockalog.vendors.squared.sql.problems import QueryError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4,})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
        r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4})",
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})[-\s]+{_MONTH}[-,\s]+(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})[-\s]+{_MONTH}[-\s]+(?P<day>\d{{1,2}})",
    )
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<part>\.\d+)?)?\s*(?P<half>am|pm)?",
    re.IGNORECASE,
)
_ZONE = re.compile(r"(?:z|utc|gmt)|[+-]\d{1,2}(?::?\d{2})?|[a-z]+/[a-z_/]+", re.IGNORECASE)
_SPECIAL = ("today", "tomorrow", "yesterday", "now", "epoch", "infinity", "-infinity")
_SHOWN = {"timestamptz": "timestamp with time zone"}


class _Parts(NamedTuple):
    day: str
    time: str
    zone: str


def parsed(value: str, type_: str) -> str:
    """Return the ISO text of a literal; raises `QueryError`.

    Words of the clock, such as `today`, are refused by the name of the word: see `clock_word`.
    """
    rest = value.strip()
    if type_ == "time":
        return _time_only(rest, value)
    day, rest = _day(rest, value, type_)
    time, rest = _time(rest, value, type_)
    zone = _ZONE.fullmatch(rest)
    if rest and zone is None:
        raise _wrong(value, type_)
    if type_ == "date":
        return day
    shown = f"{day} {time or '00:00:00'}"
    if type_ == "timestamp" or not rest:
        return shown
    return shown + ("+00" if rest.lower() in ("z", "utc", "gmt") else _spaced(rest))


def clock_word(value: str) -> str | None:
    """Return the word of a literal that the clock explains."""
    word = value.strip().lower()
    return word if word in _SPECIAL else None


def _spaced(zone: str) -> str:
    return zone if zone[0] in "+-" else f" {zone}"


def _wrong(value: str, type_: str) -> QueryError:
    return QueryError("cast", type=_SHOWN.get(type_, type_), value=value)


def _day(rest: str, value: str, type_: str) -> tuple[str, str]:
    for pattern in _DATES:
        if found := pattern.match(rest):
            parts = found.groupdict()
            month = parts["month"].lower()[:3]
            number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month)
            try:
                shown = date(int(parts["year"]), number, int(parts["day"])).isoformat()
            except ValueError:
                raise QueryError("date_range", value=value) from None
            return shown, rest[found.end() :].lstrip(" T,t")
    raise _wrong(value, type_)


def _time(rest: str, value: str, type_: str) -> tuple[str, str]:
    found = _TIME.match(rest)
    if found is None:
        return "", rest
    return _clock(found, value), rest[found.end() :].strip()


def _clock(found: re.Match[str], value: str) -> str:
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    if hour > 24 or int(found["minute"]) > 59 or int(found["second"] or 0) > 60:
        raise QueryError("date_range", value=value)
    return f"{hour:02}:{found['minute']}:{found['second'] or '00'}{found['part'] or ''}"


def _time_only(rest: str, value: str) -> str:
    found = _TIME.fullmatch(rest)
    if found is None:
        raise _wrong(value, "time")
    return _clock(found, value)
