"""Fuzzing: requests made from the OpenAPI documents, and answers held against them."""
