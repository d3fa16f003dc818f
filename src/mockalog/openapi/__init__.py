"""OpenAPI documents: of each vendor and of the control plane, written by FastAPI."""
