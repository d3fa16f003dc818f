"""What a workspace may be, and who may have which role in it.

Sources: docs/vendors/squared.md#4-roles and docs/vendors/squared.md#6-workspaces.
"""

import re
from collections.abc import Mapping
from typing import Any

from mockalog.vendors.squared.errors import Declined
from mockalog.vendors.squared.rules.roles import RIGHTS
from mockalog.vendors.squared.rules.validation import Errors, Key, checked, require

# What a body may carry without its wrapper, and what an update may change.
COLUMNS = ("name", "organization_id", "description", "region")

_OPTIONAL_TEXT = Key("string", required=False, filled=False, nullable=True)
_OPTIONAL = {"description": _OPTIONAL_TEXT, "region": _OPTIONAL_TEXT}
_NEW = {"name": Key("string"), "organization_id": Key("integer"), **_OPTIONAL}
_CHANGED = {
    "name": _OPTIONAL_TEXT,
    "organization_id": Key("integer", required=False),
    **_OPTIONAL,
}
_LETTER = re.compile(r"[^\W\d_]")

_ROLE = {"role": Key("string")}


def new_workspace(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a workspace to create; raises `Invalid`."""
    values, errors = checked(body, {"workspace": Key(keys=_NEW)})
    require(errors)
    return {"description": None, "region": None, **values["workspace"]}


def changes(body: Mapping[str, Any], workspace_id: str) -> tuple[int, dict[str, Any]]:
    """Return an id and the columns to update, any subset; raises `Invalid`."""
    contract = {"id": Key("integer"), "workspace": Key(keys=_CHANGED)}
    values, errors = checked({**body, "id": workspace_id}, contract)
    wrong = errors.get("workspace", {})
    if isinstance(wrong, dict):
        wrong = {**_name_errors(values["workspace"], wrong), **wrong}
    require({**errors, "workspace": wrong} if wrong else errors)
    return values["id"], values["workspace"]


def _name_errors(values: Mapping[str, Any], errors: Errors) -> Errors:
    """Return what an update finds wrong with a name; a create does not look.

    Source: docs/vendors/squared.md#6-workspaces.
    """
    name = values.get("name")
    if not name or "name" in errors:
        return {}
    problems = []
    if "--" in name:
        problems.append("cannot contain consecutive hyphens")
    if not _LETTER.search(name):
        problems.append("must contain at least one letter")
    return {"name": problems} if problems else {}


def check_record(action: str, values: Mapping[str, Any], *, organization: Any | None) -> None:
    """Raise `Declined` with the first message of each field that the record refuses."""
    source = {}
    if not (values["name"] or "").strip():
        source["name"] = "can't be blank"
    if organization is None:
        source["organization"] = "must exist"
    if source:
        raise Declined(422, f"Workspace {action} failed", source)


def role(body: Mapping[str, Any]) -> str:
    """Return the role to give; raises `Invalid` for one that there is not."""
    values, errors = checked(body, _ROLE)
    require(errors)
    if values["role"] not in RIGHTS:
        require({"role": [f"must be one of: {', '.join(RIGHTS)}"]})
    return str(values["role"])
