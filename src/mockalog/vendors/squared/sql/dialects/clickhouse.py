"""ClickHouse."""

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.rules import Rules


def _merged(tree: exp.Query) -> exp.Query:
    """Drop FINAL: all rows are merged already."""
    for node in list(tree.find_all(exp.Final)):
        node.replace(node.this)
    return tree


RULES = Rules(sources=(_merged,))
