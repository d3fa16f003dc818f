"""Runs of ingestions: each writes a batch into a catalog.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from collections.abc import AsyncIterator, Iterable, Sequence

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import loads_stored
from mockalog.kernel.jobs.queue import SubjectGoneError
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import BATCH_IMPORT_CATALOG_ACTIVE
from mockalog.vendors.attraqt.json_columns import Configuration, Operation
from mockalog.vendors.attraqt.repository import catalog_history, catalogs, ingestions, items
from mockalog.vendors.attraqt.repository.catalog_history import HistoryRow
from mockalog.vendors.attraqt.repository.ingestions import IngestionRow
from mockalog.vendors.attraqt.rules import ingestions as rules
from mockalog.vendors.attraqt.rules.catalogs import ACTIVE
from mockalog.vendors.attraqt.rules.feedback import FAILURE, INGESTION_FAILED, new_receipts
from mockalog.vendors.attraqt.rules.merging import CHANGED, Outcome
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.rules.threshold_check import Tally, ThresholdCheck, schema_failure
from mockalog.vendors.attraqt.rules.values import CatalogDefinition
from mockalog.vendors.attraqt.service.batch_chunks import CHUNK_SIZE, BatchChunk, read_chunks
from mockalog.vendors.attraqt.service.item_writer import (
    read_definition,
    record_updates,
    write_items,
)

CANCELLED = "Cancelled"
DELETED = "The catalog does not exist any more"


async def begin(
    repository: Repository, tenancy: Tenancy, name: str, now: int
) -> "IngestionRun | None":
    """Return the run of an ingestion, None if it has ended.

    The tenancy's catalogs are locked first, because the run may end in an activation. The items
    of the catalog are locked until commit.
    """
    await catalogs.lock(repository, tenancy)
    row = await ingestions.lock(repository, tenancy, name)
    if row is None:
        raise SubjectGoneError(f"the ingestion {name} does not exist")
    if row.status != rules.PENDING:
        return None
    configuration = Configuration(**loads_stored(row.configuration))
    await catalog_history.lock_open(repository, tenancy, configuration.version)
    history = await catalog_history.get(repository, tenancy, configuration.version)
    return IngestionRun(repository, tenancy, row, configuration, history, now)


class IngestionRun:
    """A run of an ingestion in one transaction; it holds one chunk of the batch at a time."""

    def __init__(
        self,
        repository: Repository,
        tenancy: Tenancy,
        row: IngestionRow,
        configuration: Configuration,
        history: HistoryRow,
        now: int,
    ) -> None:
        self.tenancy = tenancy
        self.configuration = configuration
        self._repository = repository
        self._row = row
        # The history at the start of the run; its counters grow.
        self._initial = history
        # A clock may have been set back since the creation.
        self._now = max(now, row.created_at)
        # The definition of the catalog, as soon as `write` has read it.
        self._definition: CatalogDefinition | None = None
        self._tally = Tally()
        self._upserted = self._deleted = 0

    async def write(self, uuid: str, *, fhr: bool) -> str:
        """Write the batch; return "", or the reason if nothing was written.

        `uuid`: the UUID of the receipts of deletions. `fhr`: Fredhopper loads no batch into an
        ACTIVE catalog.
        """
        history = await catalog_history.find_open(
            self._repository, self.tenancy, self.configuration.version
        )
        if history is None:
            return DELETED
        definition = await read_definition(self._repository, self.tenancy, history.document)
        self._definition = definition
        if fhr and await self.is_into_active():
            return BATCH_IMPORT_CATALOG_ACTIVE.text
        if reason := await self._shortfall(definition):
            return reason
        async for chunk in self._chunks():
            await self._write_chunk(definition, chunk)
        self._upserted = self._tally.valid
        if self.configuration.delete_missing:
            await self._delete_missing(uuid)
        return ""

    async def is_into_active(self) -> bool:
        """Return whether the catalog is ACTIVE."""
        state = await catalogs.find_state(
            self._repository, self.tenancy, self.configuration.version
        )
        return state == ACTIVE

    async def complete(self, reason: str) -> str:
        """End the run as completed; `reason` says why its catalog was not promoted, if so."""
        return await self._end(rules.COMPLETED, reason)

    async def refuse(self, reason: str) -> str:
        """End the run as failed without a written item.

        Each invalid operation has its own reason, if `write` could check it. The others say that
        the ingestion failed (inferred in form).
        """
        failed = Outcome(FAILURE, INGESTION_FAILED + reason)
        check = None if self._definition is None else ThresholdCheck(self._definition)
        async for chunk in self._chunks():
            outcomes = [failed] * len(chunk.operations)
            if check is not None:
                checked = await self._check(check, chunk)
                outcomes = [own if own.state == FAILURE else failed for own in checked]
                self._tally = check.tally
            await self._record(chunk.item_ids, chunk.receipts, outcomes)
        return await self._end(rules.FAILED, reason)

    async def cancel(self) -> str:
        """End the run as failed, because a client cancelled it."""
        async for chunk in self._chunks():
            cancelled = [Outcome(FAILURE, CANCELLED)] * len(chunk.operations)
            await self._record(chunk.item_ids, chunk.receipts, cancelled)
        return await self._end(rules.FAILED, CANCELLED)

    def _chunks(self) -> AsyncIterator[BatchChunk]:
        return read_chunks(self._repository, self._row.batch_id, self._row.size)

    async def _shortfall(self, definition: CatalogDefinition) -> str:
        """Return the reason why the batch misses its thresholds, "" if it does not."""
        if not self.configuration.min_items and not self.configuration.min_success_percent:
            return ""
        check = ThresholdCheck(definition)
        async for chunk in self._chunks():
            await self._check(check, chunk)
        tally = check.tally
        return rules.shortfall(self.configuration, valid=tally.valid, total=tally.total)

    async def _check(self, check: ThresholdCheck, chunk: BatchChunk) -> list[Outcome]:
        """Return the outcomes that the operations of a chunk would have."""
        ids = check.unloaded_ids(chunk.operations)
        check.load(ids, await items.find_many(self._repository, self._initial.id, ids))
        return [check.check(operation) for operation in chunk.operations]

    async def _write_chunk(self, definition: CatalogDefinition, chunk: BatchChunk) -> None:
        """Write the valid operations of a chunk, and record the outcome of each."""
        failures = [schema_failure(definition, operation) for operation in chunk.operations]
        pairs = zip(chunk.operations, failures, strict=True)
        valid = [operation for operation, failure in pairs if failure is None]
        written = iter(await self._write_valid(valid))
        outcomes = [failure or next(written) for failure in failures]
        results = list(zip(chunk.operations, outcomes, strict=True))
        if self.configuration.delete_missing:
            await self._name_unchanged(results)
        self._count(results)
        await self._record(chunk.item_ids, chunk.receipts, outcomes)

    async def _write_valid(self, operations: Sequence[Operation]) -> list[Outcome]:
        history = await self._history()
        source, ingestion = self.configuration.source, self._row.id
        return await write_items(
            self._repository, history, operations, source=source, ingestion=ingestion
        )

    async def _name_unchanged(self, results: Iterable[tuple[Operation, Outcome]]) -> None:
        """Mark the unchanged items as named; the changed ones are already stored as named."""
        keys = [
            (operation.id, operation.type)
            for operation, outcome in results
            if operation.kind != "delete" and outcome is not CHANGED
        ]
        await items.name_many(self._repository, self._initial.id, self._row.id, keys)

    def _count(self, results: Iterable[tuple[Operation, Outcome]]) -> None:
        """Count valid items, deletions and errors."""
        for operation, outcome in results:
            self._tally.add(operation, outcome)
            self._deleted += operation.kind == "delete" and outcome is CHANGED

    async def _delete_missing(self, uuid: str) -> None:
        """Delete the items of the source that the batch does not name, and record each.

        Streamed items have no source; those of an ingestion without a source have an empty one
        (inferred).
        """
        missing = items.Missing(self.configuration.source, self._row.id, self._now)
        history, first = self._initial.id, 0
        while rows := await items.list_missing(
            self._repository, history, missing, first=first, limit=CHUNK_SIZE
        ):
            ids, last = [row.item_id for row in rows], rows[-1].position
            await items.delete_missing(self._repository, history, missing, first=first, last=last)
            await catalog_history.count(self._repository, history, items=-len(ids))
            await self._record_deletions(ids, uuid)
            first = last + 1

    async def _record_deletions(self, ids: Sequence[str], uuid: str) -> None:
        history = await self._history()
        receipts = new_receipts(history.last_update, len(ids), uuid)
        await self._record(ids, receipts, [CHANGED] * len(ids))
        self._deleted += len(ids)

    async def _record(
        self, ids: Sequence[str], receipts: Sequence[str], outcomes: Sequence[Outcome]
    ) -> None:
        history = await self._history()
        times = {"began": self._row.created_at, "ended": self._now}
        await record_updates(self._repository, history, ids, receipts, outcomes, **times)

    async def _history(self) -> HistoryRow:
        """Return the history of the catalog with its current counters."""
        version = self.configuration.version
        return await catalog_history.get(self._repository, self.tenancy, version)

    async def _end(self, status: str, reason: str) -> str:
        errors, upserted = self._tally.errors, self._upserted
        result = schemas.result_out(
            reason=reason, errors=errors, upserted=upserted, deleted=self._deleted
        )
        await ingestions.end(
            self._repository,
            self.tenancy,
            self._row.name,
            status=status,
            result=result,
            first_update=self._initial.last_update,
            now=self._now,
        )
        return status
