"""HTTP: exchanges, request bodies, responses and rate limits."""
