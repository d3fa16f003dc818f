"""Squared's named queries."""

# The series that number the tables, and the locks of whoever takes a number first.
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
