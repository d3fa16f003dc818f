"""The server's settings: one class, one prefix. Flags win over variables.

Pydantic checks the fields, and `load_settings` reads the variables. pydantic-settings would add 17
to 19 ms of CPU to a process that has imported Pydantic. It would also read lower-case names and the
two fields that only the server sets.
"""

import json
import os
import re
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError, field_validator

from mockalog.kernel.database.interfaces import DatabaseConfigurationError
from mockalog.kernel.database.urls import is_ephemeral, parse_url
from mockalog.kernel.journal.redaction import configured_pattern


class SettingsError(Exception):
    """A setting that cannot be used; the text is one line for the shell."""


class Settings(BaseModel, frozen=True):
    """Every field is `MOCKALOG_<NAME>` in the environment or a flag of `mockalog serve`.

    But for those that the server notes itself: see `SETTABLE`.
    """

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    squared_port: int = Field(8001, ge=0, le=65535)
    braze_port: int = Field(8002, ge=0, le=65535)
    attraqt_port: int = Field(8003, ge=0, le=65535)
    # A plain URL, no driver in it; `sqlite://` lives in memory and ends with the process.
    database_url: str = "sqlite://"
    # Apply migrations at start; None: for SQLite files yes, for PostgreSQL no.
    migrate: bool | None = None
    auth: Literal["open", "strict"] = "open"
    # Files that say what new sandboxes start with; in the variable parted as in PATH.
    seed: tuple[str, ...] | None = None
    # `module:attribute` of another authenticator, called with the app's `Sandboxes`.
    authenticator: str | None = None
    workers: int = Field(1, ge=1)
    # Serve https, with a certificate authority that is made at the start …
    tls: bool = False
    # … and whose certificate (PEM) the server itself notes here.
    ca_certificate: str | None = None
    # If set, control calls need it in `X-Mockalog-Admin`.
    admin_token: str | None = None
    # The address that URLs in answers begin with, if callers come through a proxy.
    public_url: str | None = None
    journal_exchanges: int = Field(10_000, ge=0)
    journal_bytes: int = Field(64 * 1024 * 1024, ge=0)
    # What the journal hides besides credentials: texts, or `/regular expressions/`; in the
    # environment a JSON list, or with commas between.
    secrets: tuple[str, ...] = ()
    # The largest control call; an imported state is one.
    control_bytes: int = Field(256 * 1024 * 1024, ge=0)
    # Where the workers of one server meet; `serve` makes it.
    workers_folder: str | None = None

    @field_validator("database_url")
    @classmethod
    def _database_url_is_plain(cls, value: str) -> str:
        try:
            parse_url(value)
        except DatabaseConfigurationError as problem:
            raise ValueError(str(problem)) from None
        return value

    @field_validator("secrets", mode="before")
    @classmethod
    def _secrets_are_a_list(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if not value.lstrip().startswith("["):
            return value.split(",")
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise ValueError("is no JSON list") from None

    @field_validator("secrets")
    @classmethod
    def _secrets_can_be_found(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for secret in value:
            try:
                configured_pattern(secret)
            except re.error:
                raise ValueError("a regular expression cannot be read") from None
        return value

    @field_validator("public_url")
    @classmethod
    def _public_url_can_be_called(cls, value: str | None) -> str | None:
        if value is not None and not _is_url(value):
            raise ValueError("must be a URL with a host: https://mock.example.com")
        return value

    @field_validator("seed", mode="before")
    @classmethod
    def _seeds_are_parted(cls, value: Any) -> Any:
        return tuple(value.split(os.pathsep)) if isinstance(value, str) else value

    @field_validator("authenticator")
    @classmethod
    def _authenticator_is_a_reference(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[\w.]+:\w+", value):
            raise ValueError("must look like module:attribute")
        return value

    @property
    def scheme(self) -> str:
        """Return how the addresses begin."""
        return "https" if self.tls else "http"

    @property
    def ephemeral(self) -> bool:
        """Return whether the database ends with the process."""
        return is_ephemeral(parse_url(self.database_url))

    @property
    def shared(self) -> bool:
        """Return whether other processes may serve the same database."""
        return self.workers > 1 or self.database_url.startswith("postgresql")

    @property
    def migrates(self) -> bool:
        """Return whether the start applies migrations."""
        if self.ephemeral:
            return False
        return self.database_url.startswith("sqlite") if self.migrate is None else self.migrate

    def vendor_ports(self) -> dict[str, int]:
        """Return each vendor's own port by its name."""
        suffix = "_port"
        return {
            name.removesuffix(suffix): getattr(self, name)
            for name in type(self).model_fields
            if name.endswith(suffix)
        }


# The settings that flags and variables may set.
SETTABLE = frozenset(Settings.model_fields) - {"ca_certificate", "workers_folder"}


def _is_url(text: str) -> bool:
    """Return whether it is the beginning of addresses; anything after the path would break them."""
    try:
        url = urlsplit(text)
        host, _ = url.hostname, url.port
    except ValueError:  # brackets that hold no address, a port that is no number
        return False
    return bool(host) and url.scheme in ("http", "https") and not (url.query or url.fragment)


def _environment() -> dict[str, Any]:
    """Return the fields that variables set; an empty one sets nothing."""
    found = {name: os.environ.get(f"MOCKALOG_{name.upper()}") for name in SETTABLE}
    return {name: value for name, value in found.items() if value}


def load_settings(**flags: Any) -> Settings:
    """Return the settings, flags that are None left to the environment.

    Raises `SettingsError`, whose text never shows a value: it may hold a password.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        settings = Settings(**{**_environment(), **given})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None
    if settings.workers > 1 and settings.ephemeral:
        raise SettingsError(
            "workers: more than one worker needs a database that they can share: "
            "give --database-url a file or a PostgreSQL server"
        )
    return settings
