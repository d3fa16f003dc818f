"""The parts of state documents: their sources, errors, seeds, table dumps and invariants."""
