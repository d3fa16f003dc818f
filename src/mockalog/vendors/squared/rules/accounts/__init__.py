"""Rules of accounts, their mails, workspaces and roles."""
