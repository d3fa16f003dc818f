"""Bulk calls: checked whole before the answer, in effect when their job is due.

What happens when a job meets a catalog that has changed since is inferred: nothing fails, what no
longer fits is left out, and the job's outcome says how many items it touched.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.braze.repository import items
from mockalog.vendors.braze.rules.changes import NotChanged, changed, has_changes
from mockalog.vendors.braze.rules.items import NewItem, many_items, normalised_items
from mockalog.vendors.braze.rules.layout import Layout, document, values_of
from mockalog.vendors.braze.service import store
from mockalog.vendors.braze.service.catalogs import check_storage, find, layout
from mockalog.vendors.braze.service.effects import effect, schedule
from mockalog.vendors.braze.service.items import edited


async def create_items(call: Call, name: str, body: Any) -> None:
    """Accept items to create."""
    catalog = await find(call, name)
    known = layout(catalog)
    await _schedule_items(call, catalog, normalised_items(known, many_items(body)))


async def replace_items(call: Call, name: str, body: Any) -> None:
    """Accept items to create or to replace; the only item call that knows the storage limit."""
    catalog = await find(call, name)
    known = layout(catalog)
    new = normalised_items(known, many_items(body, not_strings="ids-not-string"))
    await check_storage(
        call, sum(len(document(known, item.id, item.values).encode()) for item in new)
    )
    await _schedule_items(call, catalog, new)


async def update_items(call: Call, name: str, body: Any) -> None:
    """Accept edits of items."""
    catalog = await find(call, name)
    known = layout(catalog)
    new = normalised_items(known, many_items(body), editing=True)
    if growing := [item for item in new if has_changes(known, item.values)]:
        rows = await items.find_many(call.repository, catalog.id, [item.id for item in growing])
        edited(known, [(rows[item.id], item) for item in growing if item.id in rows])
    await _schedule_items(call, catalog, new)


async def delete_items(call: Call, name: str, body: Any) -> None:
    """Accept ids of items to delete; whatever else an item says is ignored."""
    catalog = await find(call, name)
    wanted = [NewItem(item.id, {}) for item in many_items(body)]
    await _schedule_items(call, catalog, wanted)


async def _schedule_items(call: Call, catalog: Any, new: Sequence[NewItem]) -> None:
    payload = [[item.id, item.values] for item in new]
    await schedule(call, catalog, tokens=catalog.tokens, drops=catalog.drops, items=payload)


@effect
async def do_create_items(repository: Repository, catalog: Any, job: Job) -> str:
    """Create what is not there yet."""
    known, wanted, found = await _prepare(repository, catalog, job)
    new = [item for item in wanted if item.id not in found]
    await store.create(repository, catalog, known, new, job.due_at)
    return f"{len(new)} created"


@effect
async def do_replace_items(repository: Repository, catalog: Any, job: Job) -> str:
    """Create or replace."""
    known, wanted, found = await _prepare(repository, catalog, job)
    new = [item for item in wanted if item.id not in found]
    old = [(found[item.id], item.values) for item in wanted if item.id in found]
    await store.create(repository, catalog, known, new, job.due_at)
    await store.replace(repository, catalog, known, old, job.due_at)
    return f"{len(new)} created, {len(old)} replaced"


@effect
async def do_update_items(repository: Repository, catalog: Any, job: Job) -> str:
    """Change what is there; an array that has become too long stops the edit of its item."""
    known, wanted, found = await _prepare(repository, catalog, job)
    pairs = []
    for item in wanted:
        row = found.get(item.id)
        with suppress(NotChanged):
            if row is not None:
                pairs.append((row, changed(known, values_of(known, row), item.values)))
    await store.replace(repository, catalog, known, pairs, job.due_at)
    return f"{len(pairs)} changed"


@effect
async def do_delete_items(repository: Repository, catalog: Any, job: Job) -> str:
    """Delete what is there."""
    _, _, found = await _prepare(repository, catalog, job)
    await store.delete(repository, catalog, list(found.values()), job.due_at)
    return f"{len(found)} deleted"


async def _prepare(
    repository: Repository, catalog: Any, job: Job
) -> tuple[Layout, list[NewItem], dict[str, Any]]:
    """Return the layout, the items that are wanted, and those of them that there are, by id.

    Values of fields that went since the call was accepted are left out.
    """
    known = layout(catalog)
    wanted = [NewItem(*item) for item in job.payload["items"]]
    if (job.payload["tokens"], job.payload["drops"]) != (known.tokens, known.drops):
        names = {field.name for field in known.fields if field.token < job.payload["tokens"]}
        wanted = [_restricted(item, names) for item in wanted]
    found = await items.find_many(repository, catalog.id, [item.id for item in wanted])
    return known, wanted, found


def _restricted(item: NewItem, names: Collection[str]) -> NewItem:
    return NewItem(item.id, {name: v for name, v in item.values.items() if name in names})
