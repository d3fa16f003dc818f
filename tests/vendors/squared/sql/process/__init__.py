"""The process that runs queries."""
