"""State: export, import, seed and reset whole sandboxes."""
