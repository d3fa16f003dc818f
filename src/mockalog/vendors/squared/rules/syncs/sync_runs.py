"""The contracts of lists of runs and records.

Source: docs/vendors/squared.md#114-runs-and-records.
"""

from collections.abc import Mapping, Sequence

from mockalog.vendors.squared.models import RECORD_STATUSES, RUN_STATUSES
from mockalog.vendors.squared.rules.paging import page_errors
from mockalog.vendors.squared.rules.validation import (
    Errors,
    Key,
    Values,
    require_no_errors,
    validate,
)

_ID = Key("integer")


def runs_query(query: Mapping[str, str], dialect: str, sync_id: str) -> tuple[int, str | None]:
    """Return the sync's id and the status filter of a list; raises `ContractError`."""
    values = _checked({"sync_id": sync_id}, query, dialect, RUN_STATUSES)
    return values["sync_id"], values.get("status")


def run_ids(sync_id: str, run_id: str) -> tuple[int, int]:
    """Return the ids of sync and run; raises `ContractError`."""
    values, errors = validate({"sync_id": sync_id, "id": run_id}, {"sync_id": _ID, "id": _ID})
    require_no_errors(errors)
    return values["sync_id"], values["id"]


def records_query(
    query: Mapping[str, str], dialect: str, sync_id: str, run_id: str
) -> tuple[int, int, str | None]:
    """Return the ids of sync and run and the status filter; raises `ContractError`."""
    ids = {"sync_id": sync_id, "sync_run_id": run_id}
    values = _checked(ids, query, dialect, RECORD_STATUSES)
    return values["sync_id"], values["sync_run_id"], values.get("status")


def _checked(
    ids: Mapping[str, str], query: Mapping[str, str], dialect: str, statuses: Sequence[str]
) -> Values:
    contract = {**dict.fromkeys(ids, _ID), "status": Key("string", required=False)}
    sent = {**{name: query[name] for name in ("status",) if name in query}, **ids}
    values, errors = validate(sent, contract)
    all_errors: Errors = {**errors, **page_errors(query, dialect)}
    if "status" not in errors and values.get("status", statuses[0]) not in statuses:
        all_errors["status"] = ["must be a valid status"]
    require_no_errors(all_errors)
    return values


def lenient_id(text: str) -> int:
    """Return the id of a path parameter; 0, which no record has, if it is no integer."""
    values, errors = validate({"id": text}, {"id": _ID})
    return 0 if errors else int(values["id"])
