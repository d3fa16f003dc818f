"""PostgreSQL: its connections and transactions, and the settings of its sessions."""
