"""Braze's wire: models for the document, beside the functions that write responses.

The rules check requests; the models only document them. Sources: docs/vendors/braze.md.
"""
