"""The journal: recorded exchanges of all workers, bounded, shown without secrets."""
