"""The format elements of Oracle and Snowflake: `YYYY-MM-DD`, `999.99`."""
