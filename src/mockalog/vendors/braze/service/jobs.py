"""Jobs: the effects of Braze's asynchronous calls.

A catalog may have changed between the call and the effect. The rules of that case are inferred:
nothing fails, items and values that no longer fit are left out, and the outcome counts the items.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.jobs.queue import Job, JobHandler
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.errors import BrazeError
from mockalog.vendors.braze.json_columns import StoredField, StoredSelection
from mockalog.vendors.braze.repository import catalogs, items
from mockalog.vendors.braze.repository.catalogs import CatalogRow
from mockalog.vendors.braze.repository.items import ItemRow
from mockalog.vendors.braze.rules.array_edits import ArrayEditError, edited_values
from mockalog.vendors.braze.rules.fields import MAX_FIELDS, NewField, deletable_token
from mockalog.vendors.braze.rules.items import NewItem
from mockalog.vendors.braze.rules.selections import check_new, new_selection
from mockalog.vendors.braze.schemas.fields import fields_out
from mockalog.vendors.braze.service import item_store

CREATE_ITEMS = "braze.create_items"
REPLACE_ITEMS = "braze.replace_items"
UPDATE_ITEMS = "braze.update_items"
DELETE_ITEMS = "braze.delete_items"
CREATE_FIELDS = "braze.create_fields"
DELETE_FIELD = "braze.delete_field"
CREATE_SELECTION = "braze.create_selection"
DELETE_SELECTION = "braze.delete_selection"

# Runs a job on the locked row of its catalog, and returns the job's outcome.
Effect = Callable[[Repository, CatalogRow, Job], Awaitable[str]]


async def schedule(
    call: Call, kind: str, catalog: CatalogRow, payload: Mapping[str, object]
) -> None:
    """Store a job, which is due after the setting `braze.async_delay`."""
    due_at = call.after("braze.async_delay")
    await call.schedule(kind, {"catalog": catalog.id, **payload}, due_at=due_at)


async def schedule_items(
    call: Call, kind: str, catalog: CatalogRow, new: Sequence[NewItem]
) -> None:
    """Store a job for items, with the numbers that identify the catalog's current fields."""
    payload = [[item.id, item.values] for item in new]
    state = {"tokens": catalog.tokens, "drops": catalog.drops}
    await schedule(call, kind, catalog, {**state, "items": payload})


def on_catalog(run: Effect) -> JobHandler:
    """Return the handler of a job, which does nothing if the catalog was deleted since."""

    async def handle(repository: Repository, job: Job) -> str:
        catalog = await catalogs.lock_numbered(repository, job.payload["catalog"])
        return "the catalog is gone" if catalog is None else await run(repository, catalog, job)

    return handle


@on_catalog
async def run_create_items(repository: Repository, catalog: CatalogRow, job: Job) -> str:
    """Create the items that do not exist yet."""
    accepted, rows = await _accepted_items(repository, catalog, job)
    new = [item for item in accepted if item.id not in rows]
    await item_store.create(repository, catalog, new, job.due_at)
    return f"{len(new)} created"


@on_catalog
async def run_replace_items(repository: Repository, catalog: CatalogRow, job: Job) -> str:
    """Create or replace the items."""
    accepted, rows = await _accepted_items(repository, catalog, job)
    new = [item for item in accepted if item.id not in rows]
    old = [(rows[item.id], item.values) for item in accepted if item.id in rows]
    await item_store.create(repository, catalog, new, job.due_at)
    await item_store.replace(repository, catalog, old, job.due_at)
    return f"{len(new)} created, {len(old)} replaced"


@on_catalog
async def run_update_items(repository: Repository, catalog: CatalogRow, job: Job) -> str:
    """Edit the items that exist; an array that would be too long stops the edit of its item."""
    accepted, rows = await _accepted_items(repository, catalog, job)
    schema, pairs = catalog.schema, []
    for edit in accepted:
        row = rows.get(edit.id)
        with suppress(ArrayEditError):
            if row is not None:
                values = row.current_values(schema)
                pairs.append((row, edited_values(schema, values, edit.values)))
    await item_store.replace(repository, catalog, pairs, job.due_at)
    return f"{len(pairs)} changed"


@on_catalog
async def run_delete_items(repository: Repository, catalog: CatalogRow, job: Job) -> str:
    """Delete the items that exist."""
    _, rows = await _accepted_items(repository, catalog, job)
    await item_store.delete(repository, catalog, list(rows.values()), job.due_at)
    return f"{len(rows)} deleted"


async def _accepted_items(
    repository: Repository, catalog: CatalogRow, job: Job
) -> tuple[list[NewItem], dict[str, ItemRow]]:
    """Return the items of the call, without values of deleted fields, and the stored ones by id."""
    accepted = [NewItem(*item) for item in job.payload["items"]]
    if (job.payload["tokens"], job.payload["drops"]) != (catalog.tokens, catalog.drops):
        fields = catalog.schema.fields
        names = {field.name for field in fields if field.token < job.payload["tokens"]}
        accepted = [_with_fields(item, names) for item in accepted]
    rows = await items.find_many(repository, catalog.id, [item.id for item in accepted])
    return accepted, rows


def _with_fields(item: NewItem, names: Collection[str]) -> NewItem:
    return NewItem(item.id, {name: v for name, v in item.values.items() if name in names})


@on_catalog
async def run_create_fields(repository: Repository, catalog: CatalogRow, job: Job) -> str:
    """Add the fields that do not exist yet, as far as the limit allows."""
    schema = catalog.schema
    accepted = [NewField(*field) for field in job.payload["fields"]]
    new = [field for field in accepted if field.name not in schema.types]
    new = new[: MAX_FIELDS - len(schema.fields)]
    fields = loads(catalog.fields) + fields_out(new, first_token=catalog.tokens)
    if new:
        await _set_fields(repository, catalog, job, fields, new=len(new))
    return f"{len(new)} created"


@on_catalog
async def run_delete_field(repository: Repository, catalog: CatalogRow, job: Job) -> str:
    """Delete a field; no item changes, but responses show items without it.

    A new field of the same name is another field, and stays.
    """
    name = job.payload["field"]
    try:
        token = deletable_token(name, catalog.schema, catalog.fields, catalog.selections)
    except BrazeError as error:
        return f"nothing deleted: {error.problems[0].id}"
    if token != job.payload["token"]:
        return "nothing deleted: the field is another one now"
    fields = [field for field in loads(catalog.fields) if field["name"] != name]
    await _set_fields(repository, catalog, job, fields, deleted=1)
    return "1 deleted"


async def _set_fields(
    repository: Repository,
    catalog: CatalogRow,
    job: Job,
    fields: Sequence[StoredField],
    *,
    new: int = 0,
    deleted: int = 0,
) -> None:
    """Store a catalog's fields, and count the new and the deleted ones."""
    await catalogs.set_fields(
        repository,
        catalog.id,
        dumps(fields).decode(),
        tokens=catalog.tokens + new,
        drops=catalog.drops + deleted,
        now=job.due_at,
    )


@on_catalog
async def run_create_selection(repository: Repository, catalog: CatalogRow, job: Job) -> str:
    """Add a selection, if its fields still exist and its name is still free."""
    accepted, existing = job.payload["selection"], loads(catalog.selections)
    try:
        selection = new_selection({"selection": accepted}, catalog.schema)
        check_new(selection, existing)
    except BrazeError as error:
        return f"nothing created: {error.problems[0].id}"
    await _set_selections(repository, catalog, job, [*existing, {**selection, "number": job.id}])
    return "1 created"


@on_catalog
async def run_delete_selection(repository: Repository, catalog: CatalogRow, job: Job) -> str:
    """Delete a selection, if it still exists."""
    existing = loads(catalog.selections)
    kept = [other for other in existing if other["number"] != job.payload["number"]]
    if len(kept) < len(existing):
        await _set_selections(repository, catalog, job, kept)
    return f"{len(existing) - len(kept)} deleted"


async def _set_selections(
    repository: Repository, catalog: CatalogRow, job: Job, selections: Sequence[StoredSelection]
) -> None:
    text = dumps(selections).decode()
    await catalogs.set_selections(repository, catalog.id, text, now=job.due_at)
