"""Results as the source's driver gives them."""
