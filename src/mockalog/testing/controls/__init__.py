"""The controls of a sandbox or of a whole server: clock, faults, journal, settings, state."""
