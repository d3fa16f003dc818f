"""The functions of PostgreSQL, by the themes of its manual."""
