"""What every vendor shares and none owns. Nothing in here names a vendor."""
