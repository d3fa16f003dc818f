"""Numbers as sources print them.

Source: docs/vendors/squared.md#87-query-a-source (measured).
"""

from decimal import Decimal


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
