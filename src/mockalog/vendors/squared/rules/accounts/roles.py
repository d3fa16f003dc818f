"""Roles and their rights (docs/vendors/squared.md#4-roles); a right is `<resource>:<action>`."""

from collections.abc import Iterable, Mapping

ADMIN = "Admin"
MEMBER = "Member"
VIEWER = "Viewer"

ACTIONS = ("create", "read", "update", "delete")
RESOURCES = (
    "connector_definition",
    "connector",
    "model",
    "report",
    "sync_record",
    "sync_run",
    "sync",
    "user",
    "workspace",
    "data_app",
    "audit_logs",
    "alerts",
    "billing",
    "sso",
    "eula",
    "assistant",
    "workflow",
)

# A Member has all rights but those that are missing here.
_OF_MEMBERS = {
    "user": (),
    "workspace": ("read",),
    "billing": (),
    "sso": (),
    "eula": ("read",),
    "assistant": (),
}
_HIDDEN_FROM_VIEWERS = ("user", "audit_logs", "billing", "sso", "assistant")


def _rights(actions_of: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return the rights of a role; all actions are allowed on resources without an entry."""
    return frozenset(
        f"{resource}:{action}"
        for resource in RESOURCES
        for action in actions_of.get(resource, ACTIONS)
    )


RIGHTS: Mapping[str, frozenset[str]] = {
    ADMIN: _rights({}),
    MEMBER: _rights(_OF_MEMBERS),
    VIEWER: _rights(
        {**dict.fromkeys(RESOURCES, ("read",)), **dict.fromkeys(_HIDDEN_FROM_VIEWERS, ())}
    ),
}

# Our texts: the vendor's are not known (inferred).
DESCRIPTIONS: Mapping[str, str] = {
    ADMIN: "May do everything",
    MEMBER: "May do everything but administer users and workspaces",
    VIEWER: "May look at most things and change nothing",
}


def policies(role: str) -> dict[str, object]:
    """Return a role's rights in the vendor's format: a boolean for each action."""
    rights = RIGHTS[role]
    return {
        "permissions": {
            resource: {action: f"{resource}:{action}" in rights for action in ACTIONS}
            for resource in RESOURCES
        }
    }
