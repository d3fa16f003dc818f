"""The sandbox's clock: every expression of the current time becomes a literal."""

from datetime import datetime

from sqlglot import exp

_TIMESTAMP, _ZONED = "TIMESTAMP", "TIMESTAMPTZ"

# Functions and columns of the current time by their names, of any dialect, and their types.
NAMES = {
    "now": _ZONED,
    "sysdate": _TIMESTAMP,
    "systimestamp": _ZONED,
    "getdate": _TIMESTAMP,
    "get_current_timestamp": _ZONED,
    "current_timestamp": _ZONED,
    "current_localtimestamp": _TIMESTAMP,
    "localtimestamp": _TIMESTAMP,
    "clock_timestamp": _ZONED,
    "statement_timestamp": _ZONED,
    "transaction_timestamp": _ZONED,
    "sysdatetime": _TIMESTAMP,
    "sysdate_utc": _TIMESTAMP,
    "utc_timestamp": _TIMESTAMP,
    "current_datetime": _TIMESTAMP,
    "current_date": "DATE",
    "curdate": "DATE",
    "utc_date": "DATE",
    "today": "DATE",
    "current_time": "TIME",
    "curtime": "TIME",
    "utc_time": "TIME",
    "localtime": "TIME",
    "get_current_time": "TIME",
    "current_localtime": "TIME",
    "timeofday": "TIME",
}

_NODES: dict[type[exp.Expr], str] = {
    exp.CurrentTimestamp: _ZONED,
    exp.CurrentTimestampLTZ: _ZONED,
    exp.Localtimestamp: _TIMESTAMP,
    exp.CurrentDatetime: _TIMESTAMP,
    exp.UtcTimestamp: _TIMESTAMP,
    exp.CurrentDate: "DATE",
    exp.UtcDate: "DATE",
    exp.CurrentTime: "TIME",
    exp.Localtime: "TIME",
    exp.UtcTime: "TIME",
    exp.Systimestamp: _ZONED,
}


def set_time(tree: exp.Expr, now: datetime) -> None:
    """Replace each expression of the current time."""
    for node in list(tree.walk()):
        if (type_ := _type_of(node)) is not None:
            node.replace(literal(type_, now))


def _type_of(node: exp.Expr) -> str | None:
    for kind, type_ in _NODES.items():
        if isinstance(node, kind):
            return type_
    if isinstance(node, exp.Anonymous):
        return NAMES.get(node.name.lower())
    if isinstance(node, exp.Column) and not node.this.args.get("quoted") and not node.table:
        return NAMES.get(node.name.lower())
    return None


def literal(type_: str, now: datetime) -> exp.Expr:
    """Return the current time as a literal of a type."""
    formats = {"DATE": "%Y-%m-%d", "TIME": "%H:%M:%S"}
    text = now.strftime(formats.get(type_, "%Y-%m-%d %H:%M:%S"))
    cast = exp.cast(exp.Literal.string(text), type_)
    cast.type = exp.DataType.build(type_)
    return cast
