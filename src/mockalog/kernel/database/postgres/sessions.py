"""Sessions of PostgreSQL: the settings that the server relies on, and whether a database has them.

The startup packet holds the settings, so they cost no round trip. They replace those of the
server's files, of the database, of the role and of the URL. A pooler such as PgBouncer may refuse
or ignore them. So the start also checks which ones apply.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import URL

from mockalog.kernel.database.interfaces import DatabaseConfigurationError

# The value of each setting. They are the defaults of PostgreSQL, except for `extra_float_digits`.
SETTINGS: Mapping[str, str] = {
    # Transactions lock the rows that they read and then write. Any other level makes one of two
    # transactions fail instead of wait.
    "default_transaction_isolation": "read committed",
    "default_transaction_read_only": "off",
    "default_transaction_deferrable": "off",
    # Imports and resets have no limit of time, and a transaction may wait for another import.
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    # A violated constraint is a response of the vendor, and no end of the session.
    "exit_on_error": "off",
    # Statements are compiled without escapes, and read back the floats that they wrote.
    "standard_conforming_strings": "on",
    "extra_float_digits": "1",
}

# Settings of newer servers: the value, and the first version that has the setting.
NEWER: Mapping[str, tuple[str, int]] = {
    "idle_session_timeout": ("0", 140000),
    "transaction_timeout": ("0", 170000),
}

ENCODING = "UTF8"

# The settings that apply to a session.
_EFFECTIVE = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"


def options_of(url: URL, version: int = 0) -> dict[str, str]:
    """Return the driver's options that set the settings; the URL's own come before them.

    `version` is the server's, such as 160004 for 16.4, or 0 if it is not known yet.
    """
    settings = {**SETTINGS, **_newer(version)}
    ours = (f"-c {name}={_escaped(value)}" for name, value in settings.items())
    return _options(*_own_options(url), *ours)


def _newer(version: int) -> dict[str, str]:
    return {name: value for name, (value, first) in NEWER.items() if version >= first}


def options_for_pooler(url: URL, error: psycopg.Error) -> dict[str, str]:
    """Return the driver's options for a pooler that refuses the settings; raise any other error.

    PgBouncer's refusal of a parameter has the SQLSTATE of all its errors, so its text tells.
    """
    if "unsupported startup parameter" not in str(error):
        raise error
    return _options(*_own_options(url))


def _options(*options: str) -> dict[str, str]:
    return {"client_encoding": ENCODING, "options": " ".join(options)}


def _own_options(url: URL) -> Sequence[str]:
    """Return the options of the URL, otherwise those of the variable that libpq reads."""
    return url.normalized_query.get("options") or (os.environ.get("PGOPTIONS", ""),)


def _escaped(value: str) -> str:
    return value.replace(" ", "\\ ")


# Any: psycopg's connections differ in the class of their rows.
def set_newer(raw: psycopg.Connection[Any]) -> None:
    """Set the settings of newer servers in a session whose options do not have them."""
    with raw.transaction():
        for name, value in _newer(raw.info.server_version).items():
            raw.execute(f"SET {name} = {value}".encode())


# Any: psycopg's connections differ in the class of their rows.
def check(raw: psycopg.Connection[Any]) -> None:
    """Raise `DatabaseConfigurationError` if a database lacks the encoding or a setting."""
    encoding = raw.info.parameter_status("server_encoding")
    if encoding != ENCODING:
        raise DatabaseConfigurationError(
            f"the PostgreSQL database has the encoding {encoding}: create one with ENCODING 'UTF8'"
        )
    for name, value in raw.execute(_EFFECTIVE, [list(SETTINGS)]):
        if value != SETTINGS[name]:
            raise DatabaseConfigurationError(
                f"PostgreSQL's {name} is {value}, and a connection pooler keeps it so: use "
                f"ALTER ROLE … SET {name} = '{SETTINGS[name]}'"
            )
