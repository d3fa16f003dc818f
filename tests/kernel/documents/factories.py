"""Documents of tests: seeds, sections, rows of tables."""

import json
from typing import Any

YAML = {"Content-Type": "application/yaml"}

# Columns of two tables.
SERIES = ["name", "last"]
JOBS = ["id", "kind", "payload", "state", "due_at", "created_at", "recurring"]

SEED = """\
mockalog: 1
clock: {mode: real, now: 2031-05-06T07:08:09Z}
settings: {rate_limits: "off"}
credentials:
  - {vendor: braze, token: s3cret, permissions: [catalogs.get]}
braze:
  catalogs:
    - name: shop
      description: &said NO
      fields:
        - {name: id, type: string}
        - {name: open, type: boolean}
        - {name: since, type: string}
      items:
        - {id: a, open: true, since: 2024-10-14}
        - {id: "7", open: ~, since: *said}
"""


def doc(**sections: Any) -> str:
    """Return a document as JSON, with each section on its own line from the third line on."""
    lines = [f'"{name}": {json.dumps(value)}' for name, value in sections.items()]
    return "{\n" + ",\n".join(['"mockalog": 1', *lines]) + "\n}"


def table(name: str, columns: list[str], *rows: list[Any]) -> dict[str, Any]:
    """Return the tables section with one table."""
    return {name: {"columns": columns, "rows": list(rows)}}
