"""Requests of syncs.

Sources: docs/vendors/squared.md#111-create-a-sync to docs/vendors/squared.md#113-manual-runs.
"""

from typing import Annotated, Any

from pydantic import Field

from mockalog.vendors.squared.rules.syncs import schedules
from mockalog.vendors.squared.rules.syncs import syncs as rules
from mockalog.vendors.squared.schemas.base import (
    Anything,
    In,
    Integer,
    Name,
    absent,
    any_case,
    choice,
    exampled,
    one_of,
    refusing,
)

SyncMode = Annotated[str, choice(*rules.MODES)]
ScheduleType = Annotated[
    str,
    choice(
        *rules.schedule_types("docs"),
        description="`automated` is the documentation's own: as `interval`, or by hand without one",
    ),
]
IntervalUnit = Annotated[str, choice(*schedules.UNITS)]
Interval = (
    Annotated[int, Field(le=rules.LARGEST_INTERVAL)]
    | Annotated[str, Field(pattern=r"^\s*[+-]?[0-9]+(_[0-9]+)*\s*$")]
)


class MappingIn(In):
    """One field of the destination; the server drops keys that it does not know."""

    from_: Any = absent(alias="from", description="Column of the model", examples=["email"])
    to: Any = absent(
        description="Path in the destination's record, its keys separated by dots",
        examples=["data.attributes.email"],
    )
    mapping_type: Any = absent(
        description="`standard`, `static`, `template` or `vector`", examples=["standard"]
    )
    value: Any = absent(description="The value of a static mapping")
    value_type: Any = absent(description="`string`, `number`, `boolean` or `null`")
    template: Any = absent(description="A Liquid template")
    embedding_config: Any = absent(description="An object of `mode`, `model` and `api_key`")


MAPPINGS = [{"from": "email", "to": "data.attributes.email", "mapping_type": "standard"}]
NEW: dict[str, Any] = {
    "source_id": 6,
    "destination_id": 7,
    "model_id": 3,
    "schedule_type": "interval",
    "sync_interval": 30,
    "sync_interval_unit": "minutes",
    "sync_mode": "incremental",
    "stream_name": "profile",
    "configuration": MAPPINGS,
    "cursor_field": None,
}
_CHANGES = {"sync_mode": "full_refresh"}

# The server drops elements that are no objects.
Mappings = (
    Annotated[list[MappingIn | Any], Field(json_schema_extra={"contains": {"type": "object"}})]
    | Annotated[Anything, Field(min_length=1)]
)

_CONFIGURATION = "Mappings of fields, or an object of columns and their paths at the destination"
_INTERVAL = "Required for the type interval, from 1; otherwise it is dropped"
_CRON = "Required for the type cron_expression: five fields, six with seconds, or a word as @daily"
_STREAM = "Name of a stream in the destination's catalog"
_CURSOR = "Column by which an incremental run finds new rows"
_ONLY_NEW = "Accepted and dropped: only a new sync takes one"


class NewSyncIn(In):
    """A sync to create."""

    model_config = exampled(NEW)

    source_id: Integer
    destination_id: Integer
    model_id: Integer
    schedule_type: ScheduleType
    sync_interval: Interval | None = absent(description=_INTERVAL)
    sync_interval_unit: IntervalUnit | None = absent()
    cron_expression: str | None = absent(description=_CRON)
    sync_mode: SyncMode
    stream_name: Name = Field(description=_STREAM)
    cursor_field: str | None = absent(description=_CURSOR)
    configuration: Mappings = Field(description=_CONFIGURATION)


class CreateSyncIn(In):
    """A sync to create."""

    model_config = exampled({"sync": NEW})

    sync: NewSyncIn


class SyncChangesIn(In):
    """The parts of a sync to replace, at least one."""

    model_config = exampled(_CHANGES, **one_of(*rules.COLUMNS))

    source_id: Integer = absent()
    destination_id: Integer = absent()
    model_id: Integer = absent()
    schedule_type: ScheduleType = absent()
    sync_interval: Interval | None = absent(description=_INTERVAL)
    sync_interval_unit: IntervalUnit | None = absent()
    cron_expression: str | None = absent(description=_CRON)
    sync_mode: SyncMode = absent()
    stream_name: Name = absent(description=_STREAM)
    cursor_field: str | None = absent(description=_ONLY_NEW)
    configuration: Mappings = absent(description=_CONFIGURATION)


class UpdateSyncIn(In):
    """Changes of a sync."""

    model_config = exampled({"sync": _CHANGES})

    sync: SyncChangesIn


# docs/vendors/squared.md#1-contradictions, row 15: the server has no such type.
_NOT_AUTOMATED = refusing("sync", "schedule_type", const=schedules.AUTOMATED)
ServerCreateSyncIn = Annotated[CreateSyncIn | NewSyncIn, _NOT_AUTOMATED]
ServerUpdateSyncIn = Annotated[UpdateSyncIn | SyncChangesIn, _NOT_AUTOMATED]


class EnableSyncIn(In):
    """The state to bring a sync into."""

    model_config = exampled({"enable": True})

    enable: (
        bool
        | Annotated[int, Field(ge=0, le=1)]
        | Annotated[str, Field(pattern=any_case(*sorted(rules.BOOLEANS)))]
    ) = Field(description="Only a real false disables; a text such as `false` enables")


class ScheduledSyncIn(In):
    """The sync to run."""

    model_config = exampled({"sync_id": 10})

    sync_id: Integer


class ScheduleSyncIn(In):
    """The sync to run."""

    model_config = exampled({"schedule_sync": {"sync_id": 10}})

    schedule_sync: ScheduledSyncIn
