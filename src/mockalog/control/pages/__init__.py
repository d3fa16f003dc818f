"""The pages that show OpenAPI documents: their HTML, their files, and the addresses to call."""
