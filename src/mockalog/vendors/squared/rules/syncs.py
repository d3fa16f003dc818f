"""What a sync may be.

Sources: docs/vendors/squared.md#111-create-a-sync and docs/vendors/squared.md#112-other-sync-calls;
docs/vendors/squared.md#1-contradictions, row 15.
"""

from collections.abc import Collection, Mapping
from typing import Any

from mockalog.vendors.squared.errors import BadRequest, Declined
from mockalog.vendors.squared.rules import schedules
from mockalog.vendors.squared.rules.schedules import AUTOMATED, CRON, INTERVALS, Schedule
from mockalog.vendors.squared.rules.validation import Errors, Key, check_storable, checked, require

MODES = ("full_refresh", "incremental")

# What a body may carry without its wrapper; a cursor field is only ever set on create.
COLUMNS = (
    "source_id",
    "destination_id",
    "model_id",
    "configuration",
    "schedule_type",
    "sync_mode",
    "sync_interval",
    "sync_interval_unit",
    "cron_expression",
    "stream_name",
    "cursor_field",
)
TEXTS = ("stream_name", "cron_expression", "cursor_field")

_SCHEDULING = ("sync_interval", "sync_interval_unit", "cron_expression")

# What is kept of each element of an array of mappings.
_MAPPING = ("from", "to", "mapping_type", "value", "value_type", "template", "field_type")
_EMBEDDING = ("mode", "model", "api_key")

LARGEST_INTERVAL = 2**31 - 1

_PRESENT = ["must be present"]


def types(dialect: str) -> tuple[str, ...]:
    """Return the schedule types; `automated` is the docs' own."""
    return (*schedules.TYPES, AUTOMATED) if dialect == "docs" else schedules.TYPES


def _contract(*, required: bool) -> dict[str, Key]:
    optional = Key("string", required=False, filled=False, nullable=True)
    return {
        "source_id": Key("integer", required=False),
        "model_id": Key("integer", required),
        "destination_id": Key("integer", required),
        "schedule_type": Key("string", required),
        "sync_interval": Key("integer", required=False, filled=False, nullable=True),
        "sync_interval_unit": optional,
        "cron_expression": optional,
        "sync_mode": Key("string", required),
        "stream_name": Key("string", required),
        "cursor_field": optional,
        "configuration": Key("any", required),
    }


def new_sync(body: Mapping[str, Any], dialect: str) -> dict[str, Any]:
    """Return the columns of a sync to create; raises `Invalid`."""
    values, errors = _checked(body, dialect, required=True)
    require(errors)
    return {**dict.fromkeys(COLUMNS), **values}


def changes(body: Mapping[str, Any], sync_id: str, dialect: str) -> tuple[int, dict[str, Any]]:
    """Return an id and the columns to update, any subset; raises `Invalid`."""
    path, path_errors = checked({"id": sync_id}, {"id": Key("integer")})
    values, errors = _checked(body, dialect, required=False)
    require({**path_errors, **errors})
    return path["id"], values


def _checked(
    body: Mapping[str, Any], dialect: str, *, required: bool
) -> tuple[dict[str, Any], Errors]:
    outer, errors = checked(body, {"sync": Key(keys=_contract(required=required))})
    inner = errors.get("sync", {})
    if isinstance(inner, list):  # no object at all
        return {}, errors
    values: dict[str, Any] = outer["sync"]
    rules = {**_name_errors(values, dialect), **_schedule_errors(values)}
    # A rule about a key speaks only where the key itself is sound.
    inner.update({name: text for name, text in rules.items() if name not in inner})
    return values, {"sync": inner} if inner else {}


def _name_errors(values: Mapping[str, Any], dialect: str) -> Errors:
    """Return what is wrong with the names of type and mode; their case is not looked at here."""
    errors: Errors = {}
    if _lower(values.get("schedule_type")) not in (None, *types(dialect)):
        errors["schedule_type"] = ["invalid schedule type"]
    if _lower(values.get("sync_mode")) not in (None, *MODES):
        errors["sync_mode"] = ["invalid sync mode"]
    return errors


def _schedule_errors(values: Mapping[str, Any]) -> Errors:
    """Return what the schedule type asks of its fields; an update may leave the type out."""
    kind = _lower(values.get("schedule_type"))
    if kind is None:
        given = {name: value for name, value in values.items() if value is not None}
        return {**_interval_errors({**_HARMLESS, **given}), **_cron_errors({**_HARMLESS, **given})}
    if kind in INTERVALS:
        return _interval_errors(values)
    return _cron_errors(values) if kind == CRON else {}


_HARMLESS: Mapping[str, Any] = {
    "sync_interval": 1,
    "sync_interval_unit": "days",
    "cron_expression": "@daily",
}


def _interval_errors(values: Mapping[str, Any]) -> Errors:
    errors: Errors = {}
    interval, unit = values.get("sync_interval"), values.get("sync_interval_unit")
    if interval is None:
        errors["sync_interval"] = _PRESENT
    elif isinstance(interval, int) and interval <= 0:
        errors["sync_interval"] = ["must be greater than 0"]
    if not unit:
        errors["sync_interval_unit"] = _PRESENT
    elif _lower(unit) not in schedules.UNITS:
        errors["sync_interval_unit"] = ["invalid sync interval unit"]
    return errors


def _cron_errors(values: Mapping[str, Any]) -> Errors:
    cron = values.get("cron_expression")
    if not cron:
        return {"cron_expression": _PRESENT}
    if isinstance(cron, str) and not schedules.is_cron(cron):
        return {"cron_expression": ["invalid cron expression format"]}
    return {}


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else None


def check_assignable(values: Mapping[str, Any], dialect: str) -> None:
    """Raise `BadRequest` for what the server's record cannot take.

    Names in another case pass the contract and are no values of their columns.
    """
    for name, known in (
        ("schedule_type", types(dialect)),
        ("sync_mode", MODES),
        ("sync_interval_unit", schedules.UNITS),
    ):
        value = values.get(name)
        if value is not None and value not in known:
            raise BadRequest(f"'{value}' is not a valid {name}")
    interval = values.get("sync_interval")
    if interval is not None and interval > LARGEST_INTERVAL:
        kind = "ActiveModel::Type::Integer with limit 4 bytes"
        raise BadRequest(f"{interval} is out of range for {kind}")
    check_storable(values.get(name) for name in TEXTS)


def settled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sync's columns without what does not belong to its schedule or configuration."""
    kept = _needed(values["schedule_type"])
    return {
        **values,
        **{name: values[name] if name in kept else None for name in _SCHEDULING},
        "configuration": configuration(values["configuration"]),
    }


def configuration(value: Any) -> Any:
    """Return what is kept of a configuration; None of one that is neither array nor object."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        return None
    return [_mapping(one) for one in value if isinstance(one, dict)]


def _mapping(one: Mapping[str, Any]) -> dict[str, Any]:
    kept = _scalars(one, (*_MAPPING, "hide_embedding"))
    embedding = one.get("embedding_config")
    if isinstance(embedding, dict):
        kept["embedding_config"] = _scalars(embedding, _EMBEDDING)
    return kept


def _scalars(one: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {k: v for k, v in one.items() if k in names and not isinstance(v, dict | list)}


def check_record(
    action: str,
    values: Mapping[str, Any],
    *,
    missing: Collection[str],
    streams: Collection[str] | None,
) -> None:
    """Raise `Declined` with the first message of each field that the record refuses.

    `missing`: which of source, destination and model there are not.
    `streams`: the names in the destination's catalog, None if it has none.
    """
    source = {"source_id": "can't be blank"} if values["source_id"] is None else {}
    source.update(dict.fromkeys(missing, "must exist"))
    if not values["configuration"]:
        source["configuration"] = "can't be blank"
    if "destination" not in missing:
        source.update(_stream_errors(values["stream_name"], streams))
    if not values["stream_name"].strip():
        source["stream_name"] = "can't be blank"
    source.update(_schedule_gaps(values))
    if source:
        raise Declined(422, f"Sync {action} failed", source)


def _stream_errors(name: str, streams: Collection[str] | None) -> dict[str, str]:
    if streams is None:
        return {"catalog": "Catalog is missing"}
    if name in streams:
        return {}
    return {"stream_name": "Add a valid stream_name associated with destination connector"}


def _schedule_gaps(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what the schedule lacks after an update that took it away (inferred)."""
    return {name: "can't be blank" for name in _needed(values["schedule_type"]) if not values[name]}


def _needed(kind: str) -> tuple[str, ...]:
    """Return the fields that a schedule type has."""
    if kind in INTERVALS:
        return ("sync_interval", "sync_interval_unit")
    return ("cron_expression",) if kind == CRON else ()


def stream_names(catalog: Any) -> list[str]:
    """Return the names of a stored catalog's streams."""
    return [stream["name"] for stream in catalog["streams"]]


def schedule_of(sync: Any) -> Schedule:
    """Return the schedule of a row."""
    return Schedule(
        sync.schedule_type, sync.sync_interval, sync.sync_interval_unit, sync.cron_expression
    )


def enabling(body: Mapping[str, Any], sync_id: str) -> tuple[int, bool]:
    """Return an id and whether to enable; raises `Invalid`.

    A text that means a boolean passes, and any text enables (measured).
    """
    contract = {"id": Key("integer"), "enable": Key("any")}
    values, errors = checked({**body, "id": sync_id}, contract)
    if "enable" not in errors and not _is_boolean(values["enable"]):
        errors["enable"] = ["must be boolean"]
    require(errors)
    return values["id"], values["enable"] is not False


# What dry-validation takes for a boolean, in this or in upper case (inferred).
BOOLEANS = frozenset(["1", "0", "t", "f", "true", "false", "y", "n", "yes", "no", "on", "off"])


def _is_boolean(value: Any) -> bool:
    if isinstance(value, bool | int):
        return value in (0, 1)
    return isinstance(value, str) and value.lower() in BOOLEANS


def wanted_sync(body: Mapping[str, Any]) -> int:
    """Return which sync to run; raises `Invalid`."""
    values, errors = checked(body, {"schedule_sync": Key(keys={"sync_id": Key("integer")})})
    require(errors)
    return int(values["schedule_sync"]["sync_id"])
