"""`numeric`: exact values, and the decimal places with which each prints."""
