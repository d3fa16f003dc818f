"""The app's start and end: the database is open and seeded before the first request."""

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from mockalog.kernel.database.migrations import prepare
from mockalog.kernel.database.urls import is_ephemeral, parse_url
from mockalog.kernel.documents.errors import InvalidDocumentError
from mockalog.kernel.state.removals import Caretaker
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.settings import Settings
from mockalog.vendors import BY_NAME

if TYPE_CHECKING:
    from mockalog.kernel.documents.sources import DocumentSource


logger = logging.getLogger(__name__)


class Lifespan:
    """Answers the ASGI lifespan protocol."""

    def __init__(self, runtime: Runtime, settings: Settings) -> None:
        self._runtime = runtime
        self._settings = settings
        self._is_started = False
        self._caretaker = Caretaker(runtime, settings.sandbox_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Start, wait for the end, stop; report and raise the error of a failed start."""
        await receive()
        try:
            await self.start()
        except Exception as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            raise
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def start(self) -> None:
        """Open and seed the database, once.

        Raises `DatabaseConfigurationError` and `InvalidDocumentError`.
        """
        if self._is_started:
            return
        self._is_started = True
        settings = self._settings
        prepare(settings.database_url, migrates=settings.migrates)
        await self._runtime.database.start()
        try:
            await self._runtime.journals.start()
            if not is_ephemeral(parse_url(settings.database_url)):
                await self._runtime.sandboxes.prepared_copies.resume()
            if settings.seed and not await self._runtime.snapshots.has_baseline():
                await self._seed(settings.seed)
            self._caretaker.start()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop background work and close the database."""
        await self._caretaker.close()
        await self._runtime.journals.close()
        await self._runtime.sandboxes.prepared_copies.close()
        await self._runtime.sandboxes.cleanup.close()
        await self._runtime.database.close()

    async def _seed(self, files: Sequence[str]) -> None:
        """Apply the seed files to the template, in their order."""
        # Imported here: it takes a tenth of a cold start, and most starts have no seed.
        from mockalog.kernel.state.transfer import State

        state = State(self._runtime, BY_NAME)
        members: set[str] = set()
        for number, text in enumerate(_read(files)):
            with text.locating():
                found = state.read(text)
                if number == 0:
                    members = await state.start_with(found)
                else:
                    await state.add(None, found)
        for warning in state.warnings:
            logger.warning("%s", warning)
        await self._runtime.snapshots.save_baseline(sorted(members))
        self._runtime.sandboxes.prepared_copies.prepare()
        # So that the first call does not wait.
        await self._runtime.sandboxes.prepared_copies.settle()


def _read(files: Sequence[str]) -> Iterator["DocumentSource"]:
    """Yield the documents of the files; a name that does not end in `.json` means YAML."""
    from mockalog.kernel.documents.sources import DocumentSource

    for file in files:
        try:
            with open(file, "rb") as opened:
                body = opened.read()
        except OSError as error:
            raise InvalidDocumentError(
                f"the seed {file} cannot be read: {error.strerror}"
            ) from None
        yield DocumentSource(body, file, is_yaml=not file.endswith(".json"))
