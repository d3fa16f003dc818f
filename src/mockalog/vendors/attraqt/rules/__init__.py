"""Attraqt's rules: what a request may say. Pure; source: attraqt.md, sections 1 to 9."""
