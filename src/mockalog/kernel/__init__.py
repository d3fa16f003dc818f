"""The kernel: everything that the vendors share. It names no vendor."""
