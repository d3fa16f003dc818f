"""The error texts of each source.

PostgreSQL's and MariaDB's are measured, the others' are documented or inferred from what their
drivers print (docs/vendors/squared.md#87-query-a-source).

`{name}` is a name of the query, and `{line}` the line in which it stands. `{value}` is a value,
`{type}` a type by the source's name, `{table}` the table of a column.
"""

from collections.abc import Mapping

from mockalog.vendors.squared.sql.errors.spark_texts import DATABRICKS
from mockalog.vendors.squared.sql.problems import Kind
from mockalog.vendors.squared.sql.sources import Source

Texts = Mapping[Kind, str]

POSTGRES: Texts = {
    "ambiguous": 'ERROR:  column reference "{name}" is ambiguous{line}',
    "argument": "ERROR:  {name}\n",
    "cast": 'ERROR:  invalid input syntax for type {type}: "{value}"{line}',
    "column": 'ERROR:  column "{name}" does not exist{line}',
    "date_range": 'ERROR:  date/time field value out of range: "{value}"{line}',
    "unknown_alias": 'ERROR:  missing FROM-clause entry for table "{name}"{line}',
    "complex": "ERROR:  stack depth limit exceeded\n",
    "division": "ERROR:  division by zero\n",
    "forbidden": "ERROR:  cannot execute {name} in a read-only transaction\n",
    "function": (
        "ERROR:  function {name}({types}) does not exist{line}HINT:  No function matches the given"
        " name and argument types. You might need to add explicit type casts.\n"
    ),
    "grouping": (
        'ERROR:  column "{table}.{name}" must appear in the GROUP BY clause or be used in an'
        " aggregate function{line}"
    ),
    "invalid_date": 'ERROR:  invalid input syntax for type {type}: "{value}"{line}',
    "mismatch": (
        "ERROR:  operator does not exist: {left} {operator} {right}{line}HINT:  No operator matches"
        " the given name and argument types. You might need to add explicit type casts.\n"
    ),
    "other": "ERROR:  {name}\n",
    "overflow": "ERROR:  {type} out of range\n",
    "subscript": "ERROR:  array subscript out of range\n",
    "syntax": 'ERROR:  syntax error at or near "{name}"{line}',
    "table": 'ERROR:  relation "{name}" does not exist{line}',
    "timeout": "ERROR:  canceling statement due to statement timeout\n",
}
REDSHIFT: Texts = {
    **POSTGRES,
    "cast": (
        "ERROR:  Invalid digit, Value '{digit}', Pos {position}, Type: {type}\n"
        "DETAIL:  Invalid digit, Value '{digit}', Pos {position}, Type: {type}\n"
    ),
    "division": "ERROR:  Divide by zero\n",
    "overflow": "ERROR:  Numeric data overflow (result precision)\n",
}
SNOWFLAKE: Texts = {
    "ambiguous": "SQL compilation error:\nambiguous column name '{name}'",
    "argument": "SQL execution error: {name}",
    "cast": "{type} value '{value}' is not recognized",
    "column": "SQL compilation error: error line 1 at position 0\ninvalid identifier '{name}'",
    "complex": "SQL compilation error:\nquery is too complex",
    "division": "Division by zero",
    "forbidden": "SQL access control error:\nInsufficient privileges to execute {name}",
    "function": "SQL compilation error:\nUnknown function {name}",
    "grouping": "SQL compilation error:\n'{table}.{name}' in select clause is neither an aggregate"
    " nor in the group by clause.",
    "invalid_date": "{type} '{value}' is not recognized",
    "mismatch": "SQL compilation error:\nCan not convert parameter of type [{left}] into expected"
    " type [{right}]",
    "other": "SQL execution error: {name}",
    "overflow": "Number out of representable range: type FIXED[SB16](38,0)",
    "subscript": "SQL execution error: array index out of bounds",
    "syntax": "SQL compilation error:\nsyntax error line 1 at position 0 unexpected '{name}'.",
    "table": "SQL compilation error:\nObject '{name}' does not exist or not authorized.",
    "timeout": "Statement reached its statement or warehouse timeout and was canceled.",
}
BIGQUERY: Texts = {
    "ambiguous": "invalidQuery: Column name {name} is ambiguous",
    "argument": "invalidQuery: {name}",
    "cast": "invalidQuery: Bad {type} value: {value}",
    "column": "invalidQuery: Unrecognized name: {name}",
    "complex": "invalidQuery: The query is too complex",
    "division": "invalidQuery: division by zero",
    "forbidden": "accessDenied: Access Denied: {name} is not allowed",
    "function": "invalidQuery: Function not found: {name}",
    "grouping": "invalidQuery: SELECT list expression references column {name} which is neither"
    " grouped nor aggregated",
    "invalid_date": "invalidQuery: Invalid {type}: '{value}'",
    "mismatch": "invalidQuery: No matching signature for operator {operator} for argument types:"
    " {left}, {right}",
    "other": "invalidQuery: {name}",
    "overflow": "invalidQuery: int64 overflow: {expression}",
    "subscript": "invalidQuery: Array index {value} is out of bounds",
    "syntax": 'invalidQuery: Syntax error: Unexpected "{name}"',
    "table": "notFound: Not found: Table {name} was not found",
    "timeout": "stopped: Job execution was cancelled: Job timed out",
}
MARIADB: Texts = {
    "aggregate": "Invalid use of group function",
    "columns": "The used SELECT statements have a different number of columns",
    "parameters": "Incorrect parameter count in the call to native function '{name}'",
    "rows": "Subquery returns more than 1 row",
    "ambiguous": "Column '{name}' in {clause} is ambiguous",
    "argument": "{name}",
    "cast": "Truncated incorrect {type} value: '{value}'",
    "column": "Unknown column '{name}' in '{clause}'",
    "complex": "Thread stack overrun",
    "division": "Division by 0",
    "forbidden": "Cannot execute statement in a READ ONLY transaction",
    "function": "FUNCTION shop.{name} does not exist",
    "grouping": "'shop.{table}.{name}' isn't in GROUP BY",
    "invalid_date": "Incorrect {type} value: '{value}'",
    "mismatch": "Illegal parameter data types {left} and {right} for operation '{operator}'",
    "other": "{name}",
    "overflow": "BIGINT value is out of range in '{expression}'",
    "subscript": "{name}",
    "syntax": (
        "You have an error in your SQL syntax; check the manual that corresponds to your MariaDB"
        " server version for the right syntax to use near '{name}' at line 1"
    ),
    "table": "Table 'shop.{name}' doesn't exist",
    "timeout": "Query execution was interrupted (max_statement_time exceeded)",
}
ORACLE: Texts = {
    "ambiguous": "ORA-00918: column ambiguously defined",
    "argument": "ORA-01841: {name}",
    "cast": "ORA-01722: invalid number",
    "column": 'ORA-00904: "{name}": invalid identifier',
    "complex": "ORA-00913: too many values",
    "division": "ORA-01476: divisor is equal to zero",
    "forbidden": "ORA-01456: may not perform insert/delete/update operation inside a READ ONLY"
    " transaction",
    "function": 'ORA-00904: "{name}": invalid identifier',
    "grouping": "ORA-00979: not a GROUP BY expression",
    "invalid_date": "ORA-01861: literal does not match format string",
    "mismatch": "ORA-00932: inconsistent datatypes: expected {right} got {left}",
    "other": "ORA-00600: {name}",
    "overflow": "ORA-01426: numeric overflow",
    "subscript": "ORA-06533: Subscript beyond count",
    "syntax": "ORA-00933: SQL command not properly ended",
    "table": "ORA-00942: table or view does not exist",
    "timeout": "ORA-01013: user requested cancel of current operation",
}
ATHENA: Texts = {
    "ambiguous": "AMBIGUOUS_NAME: Column '{name}' is ambiguous",
    "argument": "INVALID_FUNCTION_ARGUMENT: {name}",
    "cast": "INVALID_CAST_ARGUMENT: Cannot cast '{value}' to {type}",
    "column": "COLUMN_NOT_FOUND: line 1:1: Column '{name}' cannot be resolved",
    "complex": "QUERY_TEXT_TOO_LARGE: the query is too complex",
    "division": "DIVISION_BY_ZERO: Division by zero",
    "forbidden": "PERMISSION_DENIED: Cannot execute {name}",
    "function": "FUNCTION_NOT_FOUND: line 1:1: Function '{name}' not registered",
    "grouping": "EXPRESSION_NOT_AGGREGATE: line 1:1: '{name}' must be an aggregate expression or"
    " appear in GROUP BY clause",
    "invalid_date": "INVALID_CAST_ARGUMENT: Value cannot be cast to {type}: {value}",
    "mismatch": "TYPE_MISMATCH: line 1:1: Cannot apply operator: {left} {operator} {right}",
    "other": "GENERIC_USER_ERROR: {name}",
    "overflow": "NUMERIC_VALUE_OUT_OF_RANGE: {type} overflow",
    "subscript": (
        "INVALID_FUNCTION_ARGUMENT: subscript out of bounds: Array subscript must be less than or"
        " equal to array length: {value} > {size}"
    ),
    "aggregate": "EXPRESSION_NOT_SCALAR: line 1:1: WHERE clause cannot contain aggregations, window"
    " functions or grouping operations",
    "columns": "TYPE_MISMATCH: line 1:1: UNION query has different number of fields",
    "parse": 'INVALID_FUNCTION_ARGUMENT: Invalid format: "{value}"',
    "pattern": "INVALID_FUNCTION_ARGUMENT: Illegal pattern component: {name}",
    "rows": "SUBQUERY_MULTIPLE_ROWS: Scalar sub-query has returned multiple rows",
    "syntax": "SYNTAX_ERROR: line 1:1: mismatched input '{name}'",
    "table": "TABLE_NOT_FOUND: line 1:1: Table '{name}' does not exist",
    "timeout": "Query timeout",
}
CLICKHOUSE: Texts = {
    "ambiguous": "Code: 207. DB::Exception: {name} is ambiguous. (AMBIGUOUS_IDENTIFIER)",
    "argument": "Code: 36. DB::Exception: {name}. (BAD_ARGUMENTS)",
    "cast": "Code: 6. DB::Exception: Cannot parse string '{value}' as {type}. (CANNOT_PARSE_TEXT)",
    "column": "Code: 47. DB::Exception: Unknown identifier: {name}. (UNKNOWN_IDENTIFIER)",
    "complex": "Code: 306. DB::Exception: Stack size too large. (TOO_DEEP_RECURSION)",
    "division": "Code: 153. DB::Exception: Division by zero. (ILLEGAL_DIVISION)",
    "forbidden": "Code: 164. DB::Exception: Cannot execute query in readonly mode. (READONLY)",
    "function": "Code: 46. DB::Exception: Unknown function {name}. (UNKNOWN_FUNCTION)",
    "grouping": "Code: 215. DB::Exception: Column `{name}` is not under aggregate function and not"
    " in GROUP BY. (NOT_AN_AGGREGATE)",
    "invalid_date": "Code: 41. DB::Exception: Cannot parse datetime {value}."
    " (CANNOT_PARSE_DATETIME)",
    "mismatch": "Code: 43. DB::Exception: Illegal types {left} and {right} of arguments."
    " (ILLEGAL_TYPE_OF_ARGUMENT)",
    "other": "Code: 36. DB::Exception: {name}. (BAD_ARGUMENTS)",
    "overflow": "Code: 407. DB::Exception: {type} overflow. (DECIMAL_OVERFLOW)",
    "subscript": "Code: 125. DB::Exception: Array index out of bounds. (INCORRECT_RESULT)",
    "syntax": "Code: 62. DB::Exception: Syntax error: failed at '{name}'. (SYNTAX_ERROR)",
    "table": "Code: 60. DB::Exception: Table {name} does not exist. (UNKNOWN_TABLE)",
    "timeout": "Code: 159. DB::Exception: Timeout exceeded. (TIMEOUT_EXCEEDED)",
}
# DuckDB's texts: it reads the files.
FILES: Texts = {
    "ambiguous": 'Binder Error: Ambiguous reference to column name "{name}"',
    "argument": "Invalid Input Error: {name}",
    "cast": "Conversion Error: Could not convert string '{value}' to {type}",
    "column": 'Binder Error: Referenced column "{name}" not found in FROM clause!',
    "complex": "Parser Error: Max expression depth limit exceeded.",
    "division": "Out of Range Error: Division by zero!",
    "forbidden": 'Invalid Input Error: Cannot execute statement of type "{name}" in'
    " read-only mode!",
    "function": "Catalog Error: Scalar Function with name {name} does not exist!",
    "grouping": 'Binder Error: column "{name}" must appear in the GROUP BY clause or must be'
    " part of an aggregate function.",
    "invalid_date": 'Conversion Error: invalid {type} field format: "{value}"',
    "mismatch": "Binder Error: Cannot compare values of type {left} and type {right}",
    "other": "Invalid Input Error: {name}",
    "overflow": "Out of Range Error: Overflow in arithmetic of {type}!",
    "subscript": "Out of Range Error: Array subscript out of range",
    "syntax": 'Parser Error: syntax error at or near "{name}"',
    "table": "Catalog Error: Table with name {name} does not exist!",
    "timeout": "INTERRUPT Error: Interrupted!",
}
SOQL: Texts = {
    "ambiguous": "MALFORMED_QUERY: ambiguous field: {name}",
    "argument": "MALFORMED_QUERY: {name}",
    "cast": "INVALID_FIELD: value of filter criterion must be of type {type}: {value}",
    "column": "INVALID_FIELD: No such column '{name}' on entity",
    "complex": "QUERY_TOO_COMPLICATED: the query is too complicated",
    "division": "MALFORMED_QUERY: division by zero",
    "forbidden": "MALFORMED_QUERY: unexpected token: '{name}'",
    "function": "MALFORMED_QUERY: unknown function: {name}",
    "grouping": "MALFORMED_QUERY: Field must be grouped or aggregated: {name}",
    "invalid_date": "INVALID_FIELD: value of filter criterion must be of type {type}: {value}",
    "mismatch": "INVALID_FIELD: filter criteria must be of type {left}",
    "other": "MALFORMED_QUERY: {name}",
    "overflow": "NUMBER_OUTSIDE_VALID_RANGE: {type} out of range",
    "subscript": "MALFORMED_QUERY: subscript out of range",
    "syntax": "MALFORMED_QUERY: unexpected token: '{name}'",
    "table": "INVALID_TYPE: sObject type '{name}' is not supported.",
    "timeout": "QUERY_TIMEOUT: Your query request was running for too long.",
}

TEXTS: Mapping[str, Texts] = {
    "postgres": POSTGRES,
    "redshift": REDSHIFT,
    "snowflake": SNOWFLAKE,
    "bigquery": BIGQUERY,
    "mariadb": MARIADB,
    "databricks": DATABRICKS,
    "oracle": ORACLE,
    "athena": ATHENA,
    "presto": ATHENA,
    "clickhouse": CLICKHOUSE,
    "files": FILES,
    "soql": SOQL,
}
"""The texts of each source by its name."""


def timeout_text(source: Source) -> str:
    """Return the source's text for a query that takes too long."""
    return TEXTS[source.name]["timeout"]
