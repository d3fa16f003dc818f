"""Numbers as sources print them.

Source: PostgreSQL's `select_div_scale`, measured (docs/vendors/squared.md#87-query-a-source).
"""

from decimal import ROUND_HALF_UP, Decimal, localcontext

from mockalog.vendors.squared.sql.result import Places

# PostgreSQL gives a quotient this many significant digits, in groups of four.
_DIGITS = 16
_GROUP = 4


def decimal_text(value: Decimal, places: Places) -> str:
    """Return a decimal's text."""
    if places == "quotient":
        places = _quotient_places(value)
    if isinstance(places, int):
        with localcontext(prec=100):
            return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
    return plain(value)


def _quotient_places(value: Decimal) -> int:
    """Return the decimal places of a quotient; groups before the point take from them."""
    groups = (max(value.adjusted(), 0)) // _GROUP if value else 0
    return max(_DIGITS - groups * _GROUP, 0)


def plain(value: Decimal) -> str:
    """Return a decimal without an exponent and zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def java_text(value: float) -> str:
    """Return a double's text as Java writes it: with an exponent from 10^7 and below 10^-3.

    Source: `Double.toString` of Java, as Spark's results have it, measured.
    """
    if value != value or abs(value) == float("inf"):
        return double_text(value)
    if value == 0 or 0.001 <= abs(value) < 10_000_000:
        return f"{Decimal(repr(value)):f}" if "e" in repr(value) else repr(value)
    sign, digits, _ = Decimal(repr(value)).normalize().as_tuple()
    written = "".join(map(str, digits))
    exponent = Decimal(repr(value)).adjusted()
    return f"{'-' if sign else ''}{written[0]}.{written[1:] or '0'}E{exponent}"


def double_text(value: float) -> str:
    """Return a double's text."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    text = repr(value)
    if 1e15 <= abs(value) < 1e16:
        digits = text.removesuffix(".0").lstrip("-")
        point = f".{digits[1:].rstrip('0')}".rstrip(".")
        return f"{'-' if value < 0 else ''}{digits[0]}{point}e+15"
    if "e" in text:
        mantissa, exponent = text.split("e")
        return f"{mantissa.removesuffix('.0')}e{exponent}"
    return text.removesuffix(".0")
