"""Secret fields in each format: JSON, forms and queries, multipart, XML and YAML."""
