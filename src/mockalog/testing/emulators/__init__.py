"""Emulators: in this process with or without sockets, or on a remote server."""
