"""Queries on accounts, their mails, workspaces and roles."""
