"""Wire models of accounts, workspaces and roles."""
