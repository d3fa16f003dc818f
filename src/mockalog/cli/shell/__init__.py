"""The common part of the commands: connection, output, errors, and a program to run."""
