"""Squared's queries by table."""

from typing import NamedTuple

# The series that number the tables. Its lock is held by the transaction that takes a number.
USERS = "squared.users"
ORGANIZATIONS = "squared.organizations"
WORKSPACES = "squared.workspaces"
CONNECTORS = "squared.connectors"
MAILS = "squared.mails"
CATALOGS = "squared.catalogs"
MODELS = "squared.models"
SYNCS = "squared.syncs"
SYNC_RUNS = "squared.sync_runs"
SYNC_RECORDS = "squared.sync_records"


class IdRow(NamedTuple):
    """The id of a row that exists, or that was deleted."""

    id: int
