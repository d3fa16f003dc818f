"""Macros of whole units between two timestamps."""

SPANS = (
    "CREATE MACRO _spans(a, b, size) AS CAST((epoch_us(b) - epoch_us(a)) // size AS BIGINT)",
    "CREATE MACRO _month_number(x) AS year(x) * 12 + month(x)",
    "CREATE MACRO _month_rest(x) AS epoch_us(x) - epoch_us(date_trunc('month', x))",
    "CREATE MACRO _full_months(a, b) AS _month_number(b) - _month_number(a)"
    " - CASE WHEN _month_rest(b) < _month_rest(a) THEN 1 ELSE 0 END",
    "CREATE MACRO _months(a, b, size) AS CASE WHEN b >= a"
    " THEN _full_months(a, b) // size ELSE -(_full_months(b, a) // size) END",
)

MICROSECONDS = {
    "MICROSECOND": 1,
    "MILLISECOND": 1000,
    "SECOND": 10**6,
    "MINUTE": 6 * 10**7,
    "HOUR": 36 * 10**8,
    "DAY": 864 * 10**8,
    "WEEK": 7 * 864 * 10**8,
}
MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}
