"""The limit of request bodies: docs/vendors/braze.md#24-generic-errors (A2)."""

# Bytes: 4 MiB. Braze documents 4 MB, and the bytes in between are inferred to pass.
MAX_BODY = 4 * 1024 * 1024
