"""The statements that change the clock and the settings of a sandbox."""

from typing import NamedTuple

from sqlalchemy import BigInteger, bindparam, case, select, update

from mockalog.kernel.clock import LATEST
from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.models import sandboxes

_this = sandboxes.c.id == bindparam("sandbox_id")
SET_CLOCK = (
    update(sandboxes)
    .where(_this)
    .values(clock_mode=bindparam("new_mode"), clock_value=bindparam("new_value"))
)
_shown = sandboxes.c.clock_value + bindparam("machine_now", type_=BigInteger)
FREEZE = (
    update(sandboxes)
    .where(_this, sandboxes.c.clock_mode == "real")
    .values(clock_mode="frozen", clock_value=case((_shown > LATEST, LATEST), else_=_shown))
)
ADVANCE = (
    update(sandboxes).where(_this).values(clock_value=sandboxes.c.clock_value + bindparam("step"))
)


class _SettingsRow(NamedTuple):
    settings: str


SETTINGS = Query(select(sandboxes.c.settings).where(_this).with_for_update(), _SettingsRow)
SET_SETTINGS = update(sandboxes).where(_this).values(settings=bindparam("new_settings"))
