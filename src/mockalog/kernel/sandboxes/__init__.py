"""Sandboxes: isolated worlds, the credentials that open them, snapshots and cleanup."""
