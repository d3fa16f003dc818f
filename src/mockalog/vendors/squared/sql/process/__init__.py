"""The process that runs queries: DuckDB cannot stop a long function, but a process can be ended."""
