"""The server's settings, from flags and variables; flags win over variables."""

import json
import os
import re
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo

from mockalog.environment import environment_of
from mockalog.kernel.clock import LATEST, SECOND
from mockalog.kernel.database.interfaces import DatabaseConfigurationError
from mockalog.kernel.database.urls import is_ephemeral, parse_url
from mockalog.kernel.errors import UserError
from mockalog.kernel.journal.redaction import configured_pattern


class SettingsError(UserError):
    """A setting that cannot be used; the text is one clear line for the person at the shell."""


# Marks a field that is a flag of `mockalog serve` too; the description is its help text.
_FLAG: JsonDict = {"flag": True}


class Settings(BaseModel, frozen=True):
    """The settings of a server. The source of each: `SETTABLE` and `FLAGS`.

    Every settable field is `MOCKALOG_<NAME>` in the environment. A field with `_FLAG` is a flag
    of `mockalog serve` too, with its description as the help text.
    """

    host: str = Field("127.0.0.1", description="Address to listen on.", json_schema_extra=_FLAG)
    port: int = Field(
        8000, ge=0, le=65535, description="Main port; 0 finds a free one.", json_schema_extra=_FLAG
    )
    squared_port: int = Field(
        8001, ge=0, le=65535, description="AI Squared's own port.", json_schema_extra=_FLAG
    )
    braze_port: int = Field(
        8002, ge=0, le=65535, description="Braze's own port.", json_schema_extra=_FLAG
    )
    attraqt_port: int = Field(
        8003, ge=0, le=65535, description="Attraqt's own port.", json_schema_extra=_FLAG
    )
    # A plain URL without a driver; `sqlite://` is in memory and ends with the process.
    database_url: str = Field(
        "sqlite://",
        description="sqlite:// (memory), sqlite:////path/file.db or postgresql://…",
        json_schema_extra=_FLAG,
    )
    # None: SQLite files are migrated, PostgreSQL is not.
    migrate: bool | None = Field(
        None,
        description="Migrate at start; by default SQLite files are, PostgreSQL is not.",
        json_schema_extra=_FLAG,
    )
    auth: Literal["open", "strict"] = Field(
        "open",
        description="open: any credential works; strict: registered ones.",
        json_schema_extra=_FLAG,
    )
    # In the environment the paths are separated as in PATH.
    seed: tuple[str, ...] | None = Field(
        None,
        description="A seed file for new sandboxes, YAML or JSON; may be repeated.",
        json_schema_extra=_FLAG,
    )
    workers: int = Field(1, ge=1, description="Processes that serve.", json_schema_extra=_FLAG)
    sandbox_ttl: str | None = Field(
        None,
        description="Delete sandboxes that no caller used for so long: 90s, 30m, 12h or 7d.",
        json_schema_extra=_FLAG,
    )
    tls: bool = Field(
        False,
        description="Serve https, with an authority made at the start.",
        json_schema_extra=_FLAG,
    )
    authenticator: str | None = Field(
        None,
        description="Another authenticator, `module:attribute`, called with the app's `Sandboxes`.",
    )
    admin_token: str | None = Field(
        None, description="Control calls then need it in `X-Mockalog-Admin`."
    )
    public_url: str | None = Field(
        None, description="The start of URLs in answers, for callers behind a proxy."
    )
    peer_url: str | None = Field(
        None, description="The URL at which other servers on the same PostgreSQL reach this one."
    )
    journal_exchanges: int = Field(10_000, ge=0, description="The largest journal, in exchanges.")
    journal_bytes: int = Field(64 * 1024 * 1024, ge=0, description="The largest journal, in bytes.")
    # In the environment a JSON list, or separated by commas.
    secrets: tuple[str, ...] = Field(
        (),
        description="Texts or `/regular expressions/` that the journal hides besides credentials.",
    )
    control_bytes: int = Field(
        256 * 1024 * 1024, ge=0, description="The largest control call, in bytes."
    )
    # The server itself sets the rest: the certificate (PEM) of its authority, the folder in which
    # its workers meet, and the secret by which other servers may ask it. Without the secret it
    # registers at none.
    ca_certificate: str | None = None
    server_secret: str | None = None
    workers_folder: str | None = None

    @field_validator("database_url")
    @classmethod
    def _database_url_is_plain(cls, value: str) -> str:
        try:
            parse_url(value)
        except DatabaseConfigurationError as problem:
            raise ValueError(str(problem)) from None
        return value

    @field_validator("sandbox_ttl")
    @classmethod
    def _sandbox_ttl_is_a_duration(cls, value: str | None) -> str | None:
        if value is not None and not 0 < _seconds(value) <= LATEST / SECOND:
            raise ValueError("must be a duration such as 90s, 30m, 12h or 7d")
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

    @field_validator("public_url", "peer_url")
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
    def sandbox_seconds(self) -> float | None:
        """Return the seconds after which an unused sandbox is deleted, None: never."""
        return None if self.sandbox_ttl is None else _seconds(self.sandbox_ttl)

    @property
    def ephemeral(self) -> bool:
        """Return whether the database ends with the process."""
        return is_ephemeral(parse_url(self.database_url))

    @property
    def shared(self) -> bool:
        """Return whether other processes may serve the same database."""
        return self.workers > 1 or self.on_postgresql

    @property
    def on_postgresql(self) -> bool:
        """Return whether the database is a PostgreSQL server, which several servers may use."""
        return self.database_url.startswith("postgresql")

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


# The settings that flags, variables and `Mockalog(…)` can set.
SETTABLE = frozenset(Settings.model_fields) - {
    "ca_certificate",
    "server_secret",
    "workers_folder",
}


class Flag(NamedTuple):
    """A flag of `mockalog serve`: its setting, its names without dashes, its type and its help.

    `names` has two names for a switch that can be turned off. `type` is the field's type.
    """

    setting: str
    names: tuple[str, ...]
    type: Any
    help: str

    @property
    def is_switch(self) -> bool:
        """Whether the flag takes no value."""
        return self.type in (bool, bool | None)

    @property
    def repeats(self) -> bool:
        """Whether the flag may be repeated."""
        return bool(self.type == tuple[str, ...] | None)


def _flag_of(setting: str, field: FieldInfo) -> Flag:
    name = setting.replace("_", "-")
    names = (name, f"no-{name}") if field.annotation == bool | None else (name,)
    return Flag(setting, names, field.annotation, field.description or "")


# The flags of `mockalog serve` by setting.
FLAGS = {
    name: _flag_of(name, field)
    for name, field in Settings.model_fields.items()
    if isinstance(field.json_schema_extra, dict) and "flag" in field.json_schema_extra
}


# The seconds of each unit of a duration.
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = re.compile(r"([0-9]{1,12})([smhd])")


def _seconds(duration: str) -> int:
    """Return the seconds of a duration such as `12h`, 0 for another text."""
    match = _DURATION.fullmatch(duration)
    return int(match[1]) * _UNITS[match[2]] if match else 0


def _is_url(text: str) -> bool:
    """Return whether it is the beginning of addresses; anything after the path would break them."""
    try:
        url = urlsplit(text)
        host, _ = url.hostname, url.port
    except ValueError:  # brackets that hold no address, a port that is no number
        return False
    return bool(host) and url.scheme in ("http", "https") and not (url.query or url.fragment)


def load_settings(**flags: object) -> Settings:
    """Return the settings, flags that are None left to the environment.

    Raises `SettingsError`, whose text never shows a value: it may hold a password.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        settings = Settings(**{**environment_of(SETTABLE), **given})
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
