"""The error texts of Databricks, measured on Spark 4.3.

What follows the first sentences there (the position, a plan) is left out.
"""

from collections.abc import Mapping

from mockalog.vendors.squared.sql.problems import Kind

DATABRICKS: Mapping[Kind, str] = {
    "ambiguous": "[AMBIGUOUS_REFERENCE] Reference `{name}` is ambiguous, could be: [{choices}].",
    "argument": "[INVALID_PARAMETER_VALUE] {name}",
    "cast": (
        '[CAST_INVALID_INPUT] The value \'{value}\' of the type "STRING" cannot be cast to "{type}"'
        " because it is malformed. Correct the value as per the syntax, or change its target type."
        " Use `try_cast` to tolerate malformed input and return NULL instead."
    ),
    "column": (
        "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name"
        " `{name}` cannot be resolved. Did you mean one of the following? [{columns}]."
    ),
    "complex": "[FAILED_EXECUTE_UDF] StackOverflowError",
    "division": (
        "[DIVIDE_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor being 0 and return"
        " NULL instead."
    ),
    "forbidden": "[INSUFFICIENT_PERMISSIONS] Insufficient privileges to execute {name}.",
    "function": "[UNRESOLVED_ROUTINE] Cannot resolve routine `{name}` on search path.",
    "grouping": (
        '[MISSING_AGGREGATION] The non-aggregating expression "{name}" is based on columns which'
        " are not participating in the GROUP BY clause."
    ),
    "invalid_date": (
        '[CAST_INVALID_INPUT] The value \'{value}\' of the type "STRING" cannot be cast to "{type}"'
        " because it is malformed. Correct the value as per the syntax, or change its target type."
        " Use `try_cast` to tolerate malformed input and return NULL instead."
    ),
    "mismatch": (
        '[DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES] Cannot resolve "({expression})" due'
        " to data type mismatch: the left and right operands of the binary operator have"
        ' incompatible types ("{left}" and "{right}").'
    ),
    "other": "[INTERNAL_ERROR] {name}",
    "overflow": (
        "[ARITHMETIC_OVERFLOW] overflow. Use '{instead}' to tolerate overflow and return NULL"
        ' instead. If necessary set "spark.sql.ansi.enabled" to "false" to bypass this error.'
    ),
    "subscript": (
        "[INVALID_ARRAY_INDEX] The index {value} is out of bounds. The array has {size} elements."
        " Use the SQL function `get()` to tolerate accessing element at invalid index and return"
        " NULL instead."
    ),
    "element": (
        "[INVALID_ARRAY_INDEX_IN_ELEMENT_AT] The index {value} is out of bounds. The array has"
        " {size} elements. Use `try_element_at` to tolerate accessing element at invalid index and"
        " return NULL instead."
    ),
    "element_zero": (
        "[INVALID_INDEX_OF_ZERO] The index 0 is invalid. An index shall be either < 0 or > 0 (the"
        " first element has index 1)."
    ),
    "aggregate": (
        "[INVALID_WHERE_CONDITION] The WHERE condition contains invalid expressions. Rewrite the"
        " query to avoid window functions, aggregate functions, and generator functions in the"
        " WHERE clause."
    ),
    "cast_overflow": (
        '[CAST_OVERFLOW] The value {value} of the type "{left}" cannot be cast to "{type}" due to'
        " an overflow. Use `try_cast` to tolerate overflow and return NULL instead."
    ),
    "columns": (
        "[NUM_COLUMNS_MISMATCH] UNION can only be performed on inputs with the same number of"
        " columns."
    ),
    "parse": (
        "[CANNOT_PARSE_TIMESTAMP] Text '{value}' could not be parsed. Use `try_to_timestamp` to"
        " tolerate invalid input string and return NULL instead."
    ),
    "pattern": (
        "[INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION] You may get a different"
        " result due to the upgrading to Spark >= 3.0:\nFail to recognize '{name}' pattern in the"
        " DateTimeFormatter."
    ),
    "raised": "[USER_RAISED_EXCEPTION] {name}",
    "remainder": (
        "[REMAINDER_BY_ZERO] Remainder by zero. Use `try_mod` to tolerate divisor being 0 and"
        " return NULL instead."
    ),
    "rows": (
        "[SCALAR_SUBQUERY_TOO_MANY_ROWS] More than one row returned by a subquery used as an"
        " expression."
    ),
    "ungrouped": (
        "[MISSING_GROUP_BY] The query does not include a GROUP BY clause. Add GROUP BY or turn it"
        " into the window functions using OVER clauses."
    ),
    "syntax": "[PARSE_SYNTAX_ERROR] Syntax error at or near '{name}'.",
    "table": (
        "[TABLE_OR_VIEW_NOT_FOUND] The table or view `{name}` cannot be found. Verify the spelling"
        " and correctness of the schema and catalog."
    ),
    "timeout": "[QUERY_EXECUTION_TIMEOUT_EXCEEDED] Query execution timed out.",
}
