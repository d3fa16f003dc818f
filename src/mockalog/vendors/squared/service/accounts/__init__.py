"""Use cases of accounts, their mails, workspaces and roles."""
