"""Fields and selections: checked before the answer, in effect when their job is due."""

from collections.abc import Sequence
from typing import Any

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.jobs.queue import Job
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.errors import Rejected
from mockalog.vendors.braze.repository import catalogs
from mockalog.vendors.braze.rules import fields as field_rules
from mockalog.vendors.braze.rules import selections as selection_rules
from mockalog.vendors.braze.schemas.fields import fields_out
from mockalog.vendors.braze.service.catalogs import check_storage, find, layout
from mockalog.vendors.braze.service.effects import effect, schedule


async def create_fields(call: Call, name: str, body: Any) -> None:
    """Accept new fields."""
    catalog = await find(call, name)
    new = field_rules.new_fields(body, layout(catalog))
    await check_storage(call)
    await schedule(call, catalog, fields=[list(field) for field in new])


async def delete_field(call: Call, name: str, field: str) -> None:
    """Accept a field to delete."""
    catalog = await find(call, name)
    known = layout(catalog)
    token = field_rules.deletable(field, known, catalog.fields, catalog.selections)
    await schedule(call, catalog, field=field, token=token)


async def create_selection(call: Call, name: str, body: Any) -> None:
    """Accept a new selection."""
    catalog = await find(call, name)
    selection = selection_rules.new_selection(body, layout(catalog))
    selection_rules.check_new(selection, loads(catalog.selections))
    await check_storage(call)
    await schedule(call, catalog, selection=selection)


async def delete_selection(call: Call, name: str, selection: str) -> None:
    """Accept a selection to delete."""
    catalog = await find(call, name)
    found = selection_rules.find(catalog.selections, selection)
    await schedule(call, catalog, number=found["number"])


@effect
async def do_create_fields(repository: Repository, catalog: Any, job: Job) -> str:
    """Add the fields that are not there by now; tokens count on from the last one ever given."""
    known = layout(catalog)
    wanted = [field_rules.NewField(*field) for field in job.payload["fields"]]
    new = [field for field in wanted if field.name not in known.types]
    new = new[: field_rules.MAX_FIELDS - len(known.fields)]
    shown = loads(catalog.fields) + fields_out(new, first_token=catalog.tokens)
    tokens = catalog.tokens + len(new)
    if new:
        await _set_fields(repository, catalog, job, shown, tokens=tokens, drops=catalog.drops)
    return f"{len(new)} created"


@effect
async def do_delete_field(repository: Repository, catalog: Any, job: Job) -> str:
    """Delete a field; no item is touched, they are shown without it from now on.

    A field of that name that was added since is another one.
    """
    name = job.payload["field"]
    try:
        token = field_rules.deletable(name, layout(catalog), catalog.fields, catalog.selections)
    except Rejected as rejection:
        return f"nothing deleted: {rejection.problems[0].id}"
    if token != job.payload["token"]:
        return "nothing deleted: the field is another one now"
    shown = [field for field in loads(catalog.fields) if field["name"] != name]
    await _set_fields(
        repository, catalog, job, shown, tokens=catalog.tokens, drops=catalog.drops + 1
    )
    return "1 deleted"


@effect
async def do_create_selection(repository: Repository, catalog: Any, job: Job) -> str:
    """Add a selection, unless its fields or its name have gone by now."""
    selection, existing = job.payload["selection"], loads(catalog.selections)
    try:
        selection = selection_rules.new_selection({"selection": selection}, layout(catalog))
        selection_rules.check_new(selection, existing)
    except Rejected as rejection:
        return f"nothing created: {rejection.problems[0].id}"
    await _set_selections(repository, catalog, job, [*existing, {**selection, "number": job.id}])
    return "1 created"


@effect
async def do_delete_selection(repository: Repository, catalog: Any, job: Job) -> str:
    """Delete a selection, if it is still there."""
    existing = loads(catalog.selections)
    kept = [other for other in existing if other["number"] != job.payload["number"]]
    if len(kept) < len(existing):
        await _set_selections(repository, catalog, job, kept)
    return f"{len(existing) - len(kept)} deleted"


async def _set_fields(
    repository: Repository,
    catalog: Any,
    job: Job,
    fields: Sequence[Any],
    *,
    tokens: int,
    drops: int,
) -> None:
    text, now = dumps(fields).decode(), job.due_at
    await catalogs.set_fields(repository, catalog.id, text, tokens=tokens, drops=drops, now=now)


async def _set_selections(
    repository: Repository, catalog: Any, job: Job, selections: Sequence[Any]
) -> None:
    text = dumps(selections).decode()
    await catalogs.set_selections(repository, catalog.id, text, now=job.due_at)
