"""The contracts of syncs.

Sources: docs/vendors/squared.md#111-create-a-sync and docs/vendors/squared.md#112-other-sync-calls;
docs/vendors/squared.md#1-contradictions, row 15.
"""

from collections.abc import Collection, Mapping
from typing import Any

from mockalog.vendors.squared.errors import ApplicationError, BadRequestError
from mockalog.vendors.squared.json_columns import StoredCatalog, StoredMapping
from mockalog.vendors.squared.rules.syncs import schedules
from mockalog.vendors.squared.rules.syncs.rows import SyncRow
from mockalog.vendors.squared.rules.syncs.schedules import AUTOMATED, CRON, INTERVALS, Schedule
from mockalog.vendors.squared.rules.validation import (
    Errors,
    Key,
    Values,
    check_storable,
    require_no_errors,
    validate,
)

MODES = ("full_refresh", "incremental")

# The keys that a body may have without its wrapper; only a create sets the cursor field.
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

# The keys that are stored of a mapping and of its embedding.
_MAPPING = ("from", "to", "mapping_type", "value", "value_type", "template", "field_type")
_EMBEDDING = ("mode", "model", "api_key")

LARGEST_INTERVAL = 2**31 - 1

_PRESENT = ["must be present"]


def schedule_types(dialect: str) -> tuple[str, ...]:
    """Return the schedule types; only the docs have `automated`."""
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


def new_sync(body: Mapping[str, object], dialect: str) -> Values:
    """Return the columns of a new sync; raises `ContractError`."""
    values, errors = _checked(body, dialect, required=True)
    require_no_errors(errors)
    return {**dict.fromkeys(COLUMNS), **values}


def changes(body: Mapping[str, object], sync_id: str, dialect: str) -> tuple[int, Values]:
    """Return an id and the columns to update; raises `ContractError`."""
    path, path_errors = validate({"id": sync_id}, {"id": Key("integer")})
    values, errors = _checked(body, dialect, required=False)
    require_no_errors({**path_errors, **errors})
    return path["id"], values


def _checked(body: Mapping[str, object], dialect: str, *, required: bool) -> tuple[Values, Errors]:
    outer, errors = validate(body, {"sync": Key(keys=_contract(required=required))})
    inner = errors.get("sync", {})
    if isinstance(inner, list):  # the value is no object
        return {}, errors
    values: Values = outer["sync"]
    rules = {**_name_errors(values, dialect), **_schedule_errors(values)}
    # The rules about a key apply only if its type is right.
    inner.update({name: text for name, text in rules.items() if name not in inner})
    return values, {"sync": inner} if inner else {}


def _name_errors(values: Values, dialect: str) -> Errors:
    """Return the errors of schedule type and sync mode, in any case."""
    errors: Errors = {}
    if _lower(values.get("schedule_type")) not in (None, *schedule_types(dialect)):
        errors["schedule_type"] = ["invalid schedule type"]
    if _lower(values.get("sync_mode")) not in (None, *MODES):
        errors["sync_mode"] = ["invalid sync mode"]
    return errors


def _schedule_errors(values: Values) -> Errors:
    """Return the errors of the schedule's fields; an update may omit the type."""
    kind = _lower(values.get("schedule_type"))
    given = {**_HARMLESS, **{name: value for name, value in values.items() if value is not None}}
    if kind is None:
        return {**_interval_errors(given), **_cron_errors(given)}
    if kind == AUTOMATED:  # no field is required: docs/vendors/squared.md#111-create-a-sync
        return _interval_errors(given)
    if kind == schedules.INTERVAL:
        return _interval_errors(values)
    return _cron_errors(values) if kind == CRON else {}


_HARMLESS: Mapping[str, Any] = {
    "sync_interval": 1,
    "sync_interval_unit": "days",
    "cron_expression": "@daily",
}


def _interval_errors(values: Values) -> Errors:
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


def _cron_errors(values: Values) -> Errors:
    cron = values.get("cron_expression")
    if not cron:
        return {"cron_expression": _PRESENT}
    if isinstance(cron, str) and not schedules.is_cron(cron):
        return {"cron_expression": ["invalid cron expression format"]}
    return {}


def _lower(value: object) -> str | None:
    return value.lower() if isinstance(value, str) else None


def check_assignable(values: Values, dialect: str) -> None:
    """Raise `BadRequestError` for values that raise an exception in the server.

    Names in another case pass the contract but are no values of their columns.
    """
    for name, known in (
        ("schedule_type", schedule_types(dialect)),
        ("sync_mode", MODES),
        ("sync_interval_unit", schedules.UNITS),
    ):
        value = values.get(name)
        if value is not None and value not in known:
            raise BadRequestError(f"'{value}' is not a valid {name}")
    interval = values.get("sync_interval")
    if interval is not None and interval > LARGEST_INTERVAL:
        kind = "ActiveModel::Type::Integer with limit 4 bytes"
        raise BadRequestError(f"{interval} is out of range for {kind}")
    check_storable(values.get(name) for name in TEXTS)


def storable_columns(values: Values) -> Values:
    """Return a sync's columns; the fields of other schedule types become None."""
    kept = _fields_of(values["schedule_type"])
    return {
        **values,
        **{name: values[name] if name in kept else None for name in _SCHEDULING},
        "configuration": storable_configuration(values["configuration"]),
    }


def storable_configuration(value: object) -> StoredMapping | None:
    """Return the keys of a configuration that are stored, None if it is no array or object."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        return None
    return [_mapping(one) for one in value if isinstance(one, dict)]


def _mapping(one: Mapping[str, object]) -> dict[str, Any]:
    kept = _scalars(one, (*_MAPPING, "hide_embedding"))
    embedding = one.get("embedding_config")
    if isinstance(embedding, dict):
        kept["embedding_config"] = _scalars(embedding, _EMBEDDING)
    return kept


def _scalars(one: Mapping[str, object], names: Collection[str]) -> dict[str, Any]:
    return {k: v for k, v in one.items() if k in names and not isinstance(v, dict | list)}


def check_record(
    action: str,
    values: Values,
    *,
    missing: Collection[str],
    streams: Collection[str] | None,
) -> None:
    """Raise `ApplicationError` with the first message of each invalid field.

    `missing`: the names of those of source, destination and model that do not exist.
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
        raise ApplicationError(422, f"Sync {action} failed", source)


def _stream_errors(name: str, streams: Collection[str] | None) -> dict[str, str]:
    if streams is None:
        return {"catalog": "Catalog is missing"}
    if name in streams:
        return {}
    return {"stream_name": "Add a valid stream_name associated with destination connector"}


def _schedule_gaps(values: Values) -> dict[str, str]:
    """Return an error for each field of the schedule that an update removed (inferred)."""
    kind = values["schedule_type"]
    needed = () if kind == AUTOMATED else _fields_of(kind)
    return {name: "can't be blank" for name in needed if not values[name]}


def _fields_of(kind: str) -> tuple[str, ...]:
    """Return the fields that a schedule type has."""
    if kind in INTERVALS:
        return ("sync_interval", "sync_interval_unit")
    return ("cron_expression",) if kind == CRON else ()


def stream_names(catalog: StoredCatalog) -> list[str]:
    """Return the names of a stored catalog's streams."""
    return [stream["name"] for stream in catalog["streams"]]


def schedule_of(sync: SyncRow) -> Schedule:
    """Return a sync's schedule."""
    return Schedule(
        sync.schedule_type, sync.sync_interval, sync.sync_interval_unit, sync.cron_expression
    )


def enable_request(body: Mapping[str, object], sync_id: str) -> tuple[int, bool]:
    """Return an id and whether to enable; raises `ContractError`.

    The contract accepts texts of booleans, and each of them enables (measured).
    """
    contract = {"id": Key("integer"), "enable": Key("any")}
    values, errors = validate({**body, "id": sync_id}, contract)
    if "enable" not in errors and not _is_boolean(values["enable"]):
        errors["enable"] = ["must be boolean"]
    require_no_errors(errors)
    return values["id"], values["enable"] is not False


# The texts that dry-validation accepts as booleans, in lower or upper case (inferred).
BOOLEANS = frozenset(["1", "0", "t", "f", "true", "false", "y", "n", "yes", "no", "on", "off"])


def _is_boolean(value: object) -> bool:
    if isinstance(value, bool | int):
        return value in (0, 1)
    return isinstance(value, str) and value.lower() in BOOLEANS


def sync_to_run(body: Mapping[str, object]) -> int:
    """Return the id of the sync to run; raises `ContractError`."""
    values, errors = validate(body, {"schedule_sync": Key(keys={"sync_id": Key("integer")})})
    require_no_errors(errors)
    return int(values["schedule_sync"]["sync_id"])
