"""The contracts of workspaces and their members' roles.

Sources: docs/vendors/squared.md#4-roles and docs/vendors/squared.md#6-workspaces.
"""

import re
from collections.abc import Mapping

from mockalog.vendors.squared.errors import ApplicationError
from mockalog.vendors.squared.rules.accounts.roles import RIGHTS
from mockalog.vendors.squared.rules.validation import (
    Errors,
    Key,
    Values,
    require_no_errors,
    validate,
)

# The keys that a body may have without its wrapper; an update may change these columns.
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


def new_workspace(body: Mapping[str, object]) -> Values:
    """Return the columns of a new workspace; raises `ContractError`."""
    values, errors = validate(body, {"workspace": Key(keys=_NEW)})
    require_no_errors(errors)
    return {"description": None, "region": None, **values["workspace"]}


def changes(body: Mapping[str, object], workspace_id: str) -> tuple[int, Values]:
    """Return an id and the columns to update; raises `ContractError`."""
    contract = {"id": Key("integer"), "workspace": Key(keys=_CHANGED)}
    values, errors = validate({**body, "id": workspace_id}, contract)
    inner = errors.get("workspace", {})
    if isinstance(inner, dict):
        inner = {**_name_errors(values["workspace"], inner), **inner}
    require_no_errors({**errors, "workspace": inner} if inner else errors)
    return values["id"], values["workspace"]


def _name_errors(values: Values, errors: Errors) -> Errors:
    """Return the errors of a name in an update; a create does not check it.

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


def check_record(action: str, values: Values, *, organization: object | None) -> None:
    """Raise `ApplicationError` with the first message of each invalid field."""
    source = {}
    if not (values["name"] or "").strip():
        source["name"] = "can't be blank"
    if organization is None:
        source["organization"] = "must exist"
    if source:
        raise ApplicationError(422, f"Workspace {action} failed", source)


def role(body: Mapping[str, object]) -> str:
    """Return the role of a request; raises `ContractError` for an unknown role."""
    values, errors = validate(body, _ROLE)
    require_no_errors(errors)
    if values["role"] not in RIGHTS:
        require_no_errors({"role": [f"must be one of: {', '.join(RIGHTS)}"]})
    return str(values["role"])
