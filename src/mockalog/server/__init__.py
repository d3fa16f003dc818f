"""The server: sockets, worker processes, HTTP/1.1 and TLS."""
