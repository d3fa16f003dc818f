"""Attraqt's rules for requests, and the effects of operations. Pure.

Sources: docs/vendors/attraqt.md#1-conventions to docs/vendors/attraqt.md#9-feedback.
"""
