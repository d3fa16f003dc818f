"""Operations on accounts, their mails, workspaces and roles."""
