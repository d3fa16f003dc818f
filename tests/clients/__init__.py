"""Clients that others wrote or generated, against the emulator."""
