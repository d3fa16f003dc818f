"""The rows of users, workspaces and mails. Instants are microseconds since 1970."""

from typing import NamedTuple


class UserRow(NamedTuple):
    """A user; `models.users` describes the columns."""

    sandbox_id: int
    id: int
    name: str
    email: str
    password: str | None
    token_digest: str | None
    failed_logins: int
    locked_until: int | None
    created_at: int
    reset_digest: str | None
    reset_sent_at: int | None
    confirmation_token: str | None
    confirmed_at: int | None


class WorkspaceRow(NamedTuple):
    """A workspace with its organization's name and its number of members."""

    sandbox_id: int
    id: int
    organization_id: int
    name: str
    slug: str
    status: str
    api_key: str
    description: str | None
    region: str | None
    created_at: int
    updated_at: int
    organization_name: str
    members_count: int


class MailRow(NamedTuple):
    """A mail of the outbox."""

    sandbox_id: int
    id: int
    recipient: str
    kind: str
    subject: str
    token: str
    sent_at: int
