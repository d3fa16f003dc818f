"""The kinds of mappings in a sync's configuration.

The descriptions are ours: the vendor page has none.

Source: docs/vendors/squared.md#112-other-sync-calls.
"""


def _static(kind: str, description: str) -> dict[str, str]:
    return {"type": kind, "description": description}


def mapping_types(dialect: str) -> dict[str, object]:
    """Return the kinds of mappings; the docs have no vectors."""
    vector = {} if dialect == "docs" else {"vector": ""}
    return {
        "standard": "",
        **vector,
        "static": {
            "string": _static("string", "A text of any characters."),
            "number": _static("float", "A number, with or without decimals."),
            "boolean": _static("boolean", "The field becomes true or false."),
            "null": _static("null", "The field becomes null."),
        },
        "template": {
            "variable": {
                "current_timestamp": {
                    "type": "datetime",
                    "description": "The time of the run, as ISO 8601 with milliseconds.",
                    "value": "{{ 'now' | date: '%Y-%m-%dT%H:%M:%S.%L%z' }}",
                }
            },
            "filter": {
                "cast": {
                    "description": "Turns the value into a string, a number or a boolean.",
                    "value": "{{ cast: '<string>' }}",
                },
                "regex_replace": {
                    "description": "Replaces what a regular expression finds in the value.",
                    "value": "{{ regex_replace : '<[a-zA-Z]>', '<replacement>', '<flags>' }}",
                },
            },
        },
    }
