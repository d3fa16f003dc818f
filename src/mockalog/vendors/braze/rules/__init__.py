"""Braze's rules: pure functions of what a request says.

Sources: docs/vendors/braze.md#3-catalogs to docs/vendors/braze.md#8-limits.
"""
