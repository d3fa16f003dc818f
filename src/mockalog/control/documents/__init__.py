"""The OpenAPI documents: the control plane's own, and a store of all documents."""
