"""State documents: their text, their errors, seeds, table dumps and invariants."""
