"""The types of PostgreSQL: which functions and operators it has for them, and its casts."""
