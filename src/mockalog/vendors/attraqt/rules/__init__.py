"""Attraqt's rules: what a request may say. Pure.

Sources: docs/vendors/attraqt.md#1-conventions to docs/vendors/attraqt.md#9-feedback.
"""
