"""Braze's rules: pure functions of what a request says. Source: braze.md, sections 3 to 8."""
