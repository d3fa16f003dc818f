"""WITH clauses that name themselves: some sources take them for recursive without the word."""

from sqlglot import exp


def mark_recursion(tree: exp.Query) -> exp.Query:
    """Say RECURSIVE where a WITH clause names itself."""
    for clause in tree.find_all(exp.CTE):
        names = {table.name.lower() for table in clause.this.find_all(exp.Table) if not table.db}
        if clause.alias.lower() in names and isinstance(clause.parent, exp.With):
            clause.parent.set("recursive", True)
    return tree
