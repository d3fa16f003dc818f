"""The journal: the recorded exchanges of all workers, bounded, and shown without secrets."""
