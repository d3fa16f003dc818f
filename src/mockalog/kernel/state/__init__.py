"""State: whole sandboxes taken out, put in, seeded and reset."""
