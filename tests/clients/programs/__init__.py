"""Programs that use published clients; each runs as a process and prints what it saw as JSON.

Their arguments are a vendor's address, then credentials.
"""
