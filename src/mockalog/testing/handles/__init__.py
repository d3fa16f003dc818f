"""A sandbox and the handles of the three vendors in it."""
