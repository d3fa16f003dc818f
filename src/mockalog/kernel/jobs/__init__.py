"""Jobs: asynchronous effects as rows, and the runner of those that are due."""
