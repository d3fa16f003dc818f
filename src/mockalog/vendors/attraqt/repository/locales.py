"""The rows of default locales."""

from typing import NamedTuple

from sqlalchemy import bindparam, delete, select

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository, upsert
from mockalog.vendors.attraqt.models import locales
from mockalog.vendors.attraqt.repository.tenancy import of_tenancy
from mockalog.vendors.attraqt.rules.tenancy import Tenancy


class LocaleRow(NamedTuple):
    """The default locale of a tenancy."""

    locale: str


_of_tenancy = of_tenancy(locales)
_new = upsert(locales).values(
    sandbox_id=bindparam("sandbox_id"),
    tenant=bindparam("tenant"),
    environment=bindparam("environment"),
    locale=bindparam("locale"),
)
_SET = _new.on_conflict_do_update(
    index_elements=["sandbox_id", "tenant", "environment"], set_={"locale": _new.excluded.locale}
)
_FIND = Query(select(locales.c.locale).where(*_of_tenancy), LocaleRow)
_DELETE = delete(locales).where(*_of_tenancy)


async def find(repository: Repository, tenancy: Tenancy) -> str | None:
    """Return the tenancy's locale, None if it is not set."""
    row = await repository.first(_FIND, **tenancy._asdict())
    return None if row is None else row.locale


async def set_locale(repository: Repository, tenancy: Tenancy, locale: str) -> None:
    """Set the tenancy's locale."""
    await repository.run(_SET, **tenancy._asdict(), locale=locale)


async def delete_one(repository: Repository, tenancy: Tenancy) -> bool:
    """Unset the tenancy's locale; return whether it was set."""
    return await repository.run(_DELETE, **tenancy._asdict()) == 1
