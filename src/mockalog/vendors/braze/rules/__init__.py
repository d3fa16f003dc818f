"""Braze's rules as pure functions.

Sources: docs/vendors/braze.md#3-catalogs to docs/vendors/braze.md#8-limits.
"""
