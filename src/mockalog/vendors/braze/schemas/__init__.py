"""Braze's wire: models for the document, beside the functions that write answers.

The rules check requests; the models show them. Sources: docs/vendors/braze.md.
"""
