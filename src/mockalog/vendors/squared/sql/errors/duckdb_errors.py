"""The problem that an error of DuckDB reports."""

import re
from collections.abc import Sequence

from mockalog.vendors.squared.sql.problems import Kind, QueryError

_PATTERNS: Sequence[tuple[str, Kind]] = (
    # A macro's `error('=…')` gives the source's own text.
    (r"^Invalid Input Error: =(?P<name>.*)", "exact"),
    (r'Referenced column "(?P<name>[^"]+)" (?:not|was not) found', "column"),
    (r'Column "(?P<name>[^"]+)" referenced that exists in the SELECT clause', "column"),
    (r'Table "(?P<table>[^"]+)" does not have a column named "(?P<name>[^"]+)"', "column"),
    (r'Column "(?P<name>[^"]+)" referenced that exists in the SELECT clause', "column"),
    (r'Referenced table "(?P<name>[^"]+)" not found', "unknown_alias"),
    (r"Table with name (?P<name>\S+) does not exist", "table"),
    (r"\w+ Function with name (?P<name>\S+) does not exist", "function"),
    (
        r"No function matches the given name and argument types '(?P<name>\w+)\((?P<types>.*?)\)'",
        "function",
    ),
    (r"No function matches .* '(?P<operator>\W+)\((?P<left>.*), (?P<right>.*)\)'", "mismatch"),
    (r"No function matches .* '(?P<operator>\W+)\((?P<right>.*)\)'", "mismatch"),
    (
        r'Could not choose a best candidate function for the function call "'
        r'(?P<operator>[^"(]+)\((?P<left>.*), (?P<right>.*)\)"',
        "mismatch",
    ),
    (
        r"Cannot (?:compare|mix) values of type (?P<left>\S+) and (?:type )?(?P<right>\S+)",
        "mismatch",
    ),
    (
        r'Ambiguous reference to column name "(?P<name>[^"]+)"(?: \(use: (?P<choices>.*)\))?',
        "ambiguous",
    ),
    (r'Ambiguous reference to table "(?P<name>[^"]+)"', "ambiguous"),
    (r'column "(?P<name>[^"]+)" must appear in the GROUP BY', "grouping"),
    (r"WHERE clause cannot contain aggregates", "aggregate"),
    (r"More than one row returned by a subquery", "rows"),
    (r"Set operations can only apply to expressions with the same number", "columns"),
    (r"Remainder by zero", "remainder"),
    (r"Index of zero", "element_zero"),
    (r"Array index (?P<value>-?\d+) of (?P<size>\d+)", "subscript"),
    (r"Array element (?P<value>-?\d+) of (?P<size>\d+)", "element"),
    (r"(?P<name>Key not present in map: .*|Index must be greater than zero)", "argument"),
    (r"Unparseable '(?P<value>[^']*)'", "parse"),
    (r"raised: (?P<name>.*)", "raised"),
    (r"Macro _\w+?_(?P<name>[a-z_]+)\(\) does not support the supplied arguments", "parameters"),
    (r"Division by zero", "division"),
    (r"Type \w+ with value (?:inf|nan|-inf) can't be cast", "division"),
    (
        r"Overflow in (?P<operation>\w+) of (?P<type>\w+)(?: \((?P<expression>[^)]*)\))?",
        "overflow",
    ),
    (
        r"Type (?P<left>\w+) with value (?P<value>\S+) can't be cast.* type (?P<type>\w+)",
        "cast_overflow",
    ),
    (r"Could not cast value (?P<value>\S+) to (?P<type>DECIMAL)", "overflow"),
    (r"(?:Casting value|value) .* is out of range", "overflow"),
    (r"(?P<type>date|timestamp|time) field value out of range: \"(?P<value>[^\"]*)", "date_range"),
    (
        r"invalid (?P<type>date|timestamp|time|interval) field format: \"(?P<value>[^\"]*)",
        "invalid_date",
    ),
    (r"Could not convert string ['\"](?P<value>.*?)['\"] to (?P<type>\w+)", "cast"),
    (r"Could not parse string \"(?P<value>.*?)\" according to format", "invalid_date"),
    (r'syntax error at or near "(?P<name>.*?)"', "syntax"),
    (r"syntax error at end of input|SELECT clause without selection list", "syntax"),
    (r"Max expression depth", "complex"),
    (r"(?:Out of Memory|could not allocate|Allocation failure)", "timeout"),
    (r"Interrupted", "timeout"),
)
_COMPILED = [(re.compile(pattern, re.DOTALL), kind) for pattern, kind in _PATTERNS]

# Problems that sources put in the same words.
_WORDS = {
    "More than one row returned by a subquery used as an expression": (
        "more than one row returned by a subquery used as an expression"
    ),
    "LIMIT/OFFSET cannot be negative": "LIMIT must not be negative",
}

# What begins the texts of DuckDB's errors.
_PREFIX = re.compile(r"^[\w ]+ Error: ")


def problem_of(error: Exception) -> QueryError:
    """Return the problem of an error of DuckDB."""
    text = str(error).split("\n\nLINE ")[0]
    for pattern, kind in _COMPILED:
        if found := pattern.search(text):
            values = {name: one or "" for name, one in found.groupdict().items()}
            return QueryError(kind, text=_plain(text), **values)
    return QueryError("other", name=_plain(text))


def _plain(text: str) -> str:
    """Return the first line of a text, without the kind of the error."""
    shown = _PREFIX.sub("", text).splitlines()[0]
    return _WORDS.get(shown.split(" - ")[0], shown)
