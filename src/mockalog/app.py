"""The app: its runtime, its middleware in visible order, and the vendors."""

import importlib
import os

from mockalog.addresses import peer_url
from mockalog.control import Control
from mockalog.dispatch import Dispatcher
from mockalog.kernel.database.interfaces import Database
from mockalog.kernel.database.open import open_database
from mockalog.kernel.http.exchange import PROCESS_SHIFT
from mockalog.kernel.http.rate_limits import Limiter, MemoryLimiter, SharedLimiter
from mockalog.kernel.jobs.runner import JobRunner
from mockalog.kernel.journal.journal import Journal, JournalMiddleware
from mockalog.kernel.journal.journals import Journals
from mockalog.kernel.journal.redaction import Redaction
from mockalog.kernel.journal.servers import Registration, Servers
from mockalog.kernel.journal.workers import Workers
from mockalog.kernel.sandboxes.authentication import (
    Authenticator,
    OpenAuthenticator,
    StrictAuthenticator,
)
from mockalog.kernel.sandboxes.sandboxes import Sandboxes
from mockalog.kernel.sandboxes.settings import SettingRegistry
from mockalog.kernel.sandboxes.snapshots import Snapshots
from mockalog.kernel.vendor.app import VendorApp
from mockalog.kernel.vendor.job_kinds import JobKinds
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.lifespan import Lifespan
from mockalog.schema import metadata
from mockalog.settings import Settings, SettingsError, load_settings
from mockalog.vendors import BY_NAME, VENDORS

__all__ = ["create_app", "metadata"]


def create_app(
    settings: Settings | None = None,
    *,
    runtime: Runtime | None = None,
    lifespan: Lifespan | None = None,
) -> JournalMiddleware:
    """Return an app with a runtime of its own; its lifespan opens the database.

    Without arguments the settings come from the environment. Code that inspects the runtime creates
    it first and passes it in; code that starts the app itself passes its lifespan.
    """
    settings = settings or load_settings()
    runtime = runtime or create_runtime(settings)
    vendors = {vendor.name: VendorApp(vendor, runtime) for vendor in VENDORS}
    control = Control(runtime, settings, BY_NAME)
    dispatcher = Dispatcher(control, vendors, VENDORS, runtime, settings.vendor_ports())
    return JournalMiddleware(dispatcher, lifespan or Lifespan(runtime, settings), runtime.journal)


def create_runtime(settings: Settings) -> Runtime:
    """Return the parts of one app; nothing is connected yet."""
    database = open_database(settings.database_url)
    strict = settings.auth == "strict"
    sandboxes = Sandboxes(database, strict=strict)
    registry = SettingRegistry({vendor.name: vendor.settings for vendor in VENDORS})
    journal = _journal(settings)
    return Runtime(
        database=database,
        sandboxes=sandboxes,
        authenticator=_authenticator(settings, sandboxes),
        limiter=_limiter(settings, database),
        setting_registry=registry,
        jobs=JobRunner(database, sandboxes, JobKinds(BY_NAME), registry.values),
        journal=journal,
        journals=_journals(settings, journal, database),
        redaction=Redaction(settings.secrets, {vendor.name: vendor.secrets for vendor in VENDORS}),
        snapshots=Snapshots(database, sandboxes),
        public_url=settings.public_url,
        strict=strict,
    )


def _journal(settings: Settings) -> Journal:
    """Return the journal; each worker process numbers exchanges in a range of its own."""
    first_id = 0 if settings.workers_folder is None else os.getpid() << PROCESS_SHIFT
    return Journal(settings.journal_exchanges, settings.journal_bytes, first_id)


def _journals(settings: Settings, journal: Journal, database: Database) -> Journals:
    """Return the journals of all processes that serve the database."""
    folder, secret = settings.workers_folder, settings.server_secret
    workers = None if folder is None else Workers(folder)
    if secret is None or not settings.on_postgresql:
        return Journals(journal, workers)
    registration = Registration(peer_url(settings), secret, settings.ca_certificate)
    return Journals(journal, workers, Servers(database, registration))


def _authenticator(settings: Settings, sandboxes: Sandboxes) -> Authenticator:
    if settings.authenticator is not None:
        return _custom_authenticator(settings.authenticator, sandboxes)
    return (StrictAuthenticator if settings.auth == "strict" else OpenAuthenticator)(sandboxes)


def _custom_authenticator(reference: str, sandboxes: Sandboxes) -> Authenticator:
    module, _, attribute = reference.partition(":")
    try:
        custom: Authenticator = getattr(importlib.import_module(module), attribute)(sandboxes)
    except Exception as error:  # noqa: BLE001 - the user's code may raise any error
        said = " ".join(str(error).split())
        raise SettingsError(f"authenticator: {type(error).__name__}: {said}") from None
    if not hasattr(custom, "authenticate"):
        raise SettingsError(f"authenticator: {reference} returns no object with `authenticate`")
    return custom


def _limiter(settings: Settings, database: Database) -> Limiter:
    return SharedLimiter(database) if settings.shared else MemoryLimiter()
