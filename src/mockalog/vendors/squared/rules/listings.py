"""What a list of runs or of records is narrowed to, and whose it is.

Source: docs/vendors/squared.md#114-runs-and-records.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mockalog.vendors.squared.rules.paging import page_errors
from mockalog.vendors.squared.rules.runs import RECORD_STATUSES, RUN_STATUSES
from mockalog.vendors.squared.rules.validation import Errors, Key, checked, require

_ID = Key("integer")


def of_runs(query: Mapping[str, str], dialect: str, sync_id: str) -> tuple[int, str | None]:
    """Return whose runs are listed and with which status; raises `Invalid`."""
    values = _checked({"sync_id": sync_id}, query, dialect, RUN_STATUSES)
    return values["sync_id"], values.get("status")


def of_run(sync_id: str, run_id: str) -> tuple[int, int]:
    """Return which run of which sync is asked for; raises `Invalid`."""
    values, errors = checked({"sync_id": sync_id, "id": run_id}, {"sync_id": _ID, "id": _ID})
    require(errors)
    return values["sync_id"], values["id"]


def of_records(
    query: Mapping[str, str], dialect: str, sync_id: str, run_id: str
) -> tuple[int, int, str | None]:
    """Return whose records are listed and with which status; raises `Invalid`."""
    ids = {"sync_id": sync_id, "sync_run_id": run_id}
    values = _checked(ids, query, dialect, RECORD_STATUSES)
    return values["sync_id"], values["sync_run_id"], values.get("status")


def _checked(
    ids: Mapping[str, str], query: Mapping[str, str], dialect: str, statuses: Sequence[str]
) -> dict[str, Any]:
    contract = {**dict.fromkeys(ids, _ID), "status": Key("string", required=False)}
    sent = {**{name: query[name] for name in ("status",) if name in query}, **ids}
    values, errors = checked(sent, contract)
    found: Errors = {**errors, **page_errors(query, dialect)}
    if "status" not in errors and values.get("status", statuses[0]) not in statuses:
        found["status"] = ["must be a valid status"]
    require(found)
    return values


def lenient_id(text: str) -> int:
    """Return the id of a path, 0 where it is no integer: then nothing is found."""
    values, errors = checked({"id": text}, {"id": _ID})
    return 0 if errors else int(values["id"])
