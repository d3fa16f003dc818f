"""`to_char` and `to_number` of numbers (manual, table 9.30)."""

import re
from typing import Any, NamedTuple

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.postgres.types.marks import typed
from mockalog.vendors.squared.sql.dialects.rules import call, text
from mockalog.vendors.squared.sql.problems import QueryError

_FORMAT = re.compile(
    r'(?P<before>"[^"]*"|[^09.,GDSMPLVERF"]*)(?P<sign>S|MI|PL|SG)?(?P<whole>[09,G]*)'
    r'(?P<point>[.D])?(?P<part>[09]*)(?P<last>S|MI|PL|SG|PR)?(?P<after>"[^"]*"|[^09.,GDVE"]*)',
    re.IGNORECASE,
)


class _Format(NamedTuple):
    before: str
    sign: str
    whole: str
    part: str
    after: str
    fills: bool


MACROS = (
    "CREATE MACRO _pg_number_only(x) AS CASE WHEN regexp_full_match(x, '[0-9.,+ -]*') THEN x"
    " ELSE error('to_number of other characters is not supported') END",
    "CREATE MACRO _pg_sign_space(x, body, n) AS"
    " lpad(CASE WHEN x THEN '-' ELSE ' ' END || ltrim(body), n, ' ')",
    # The digits of a number before its point, at most n.
    "CREATE MACRO _pg_whole_digits(x, n, places, keeps) AS CASE"
    " WHEN length(trunc(x)::DECIMAL(38, 0)::VARCHAR) > n THEN repeat('#', n)"
    " WHEN trunc(x) = 0 AND keeps = 0 THEN repeat(' ', n)"
    " ELSE lpad(trunc(x)::DECIMAL(38, 0)::VARCHAR, n, ' ') END",
)


def _parse(format_: str) -> _Format:
    fills = format_[:2].upper() == "FM"
    found = _FORMAT.fullmatch(format_[2:] if fills else format_)
    if found is None or (found["sign"] and found["last"]):
        raise QueryError("other", name=f'the format "{format_}" is not supported')
    sign = (found["sign"] and f"<{found['sign']}") or (found["last"] and f">{found['last']}") or ""
    return _Format(
        found["before"].strip('"'),
        sign.upper(),
        found["whole"].upper().replace("G", ","),
        found["part"],
        found["after"].strip('"'),
        fills,
    )


# Any: any kind of node.
def number_text(value: Any, format_: str) -> exp.Expr:
    """Return a number in a format."""
    form = _parse(format_)
    places = len(form.part)
    rounded: exp.Expr = call("round", exp.cast(value, f"DECIMAL(38, {max(places + 4, 10)})"),
                   exp.Literal.number(places))  # fmt: skip
    given, rounded = rounded, exp.column("v", "_t")
    size = exp.cast(call("abs", rounded.copy()), f"DECIMAL(38, {places})")
    body = exp.DPipe(this=_whole(size, form), expression=_part(size, form))
    negative = exp.LT(this=rounded, expression=exp.Literal.number(0))
    made = exp.Lambda(this=_signed(body, negative, form), expressions=[exp.to_identifier("_t")])
    rows = exp.Array(
        expressions=[exp.Struct(expressions=[exp.PropertyEQ(this=exp.to_identifier("v"),
                                                            expression=given)])]
    )  # fmt: skip
    shown = call("list_extract", call("list_transform", rows, made), exp.Literal.number(1))
    return typed(  # type: ignore[no-any-return]
        exp.Paren(
            this=exp.DPipe(
                this=exp.DPipe(this=text(form.before), expression=shown),
                expression=text(form.after),
            )
        ),
        "text",
    )


def _whole(size: exp.Expr, form: _Format) -> exp.Expr:
    count = sum(one in "09" for one in form.whole)
    first_zero = form.whole.replace(",", "").find("0")
    keeps = not form.part
    digits = call("_pg_whole_digits", size.copy(), exp.Literal.number(count),
                  exp.Literal.number(len(form.part)), exp.Literal.number(int(keeps)))  # fmt: skip
    joined: exp.Expr = text("")
    at = 0
    for one in form.whole:
        if one == ",":
            # A separator stands only after a digit.
            before = call("trim", call("left", digits.copy(), exp.Literal.number(at)))
            zeros = 0 <= first_zero < at
            shown: exp.Expr = text(",")
            if not zeros:
                empty = exp.EQ(this=before, expression=text(""))
                shown = exp.Case(ifs=[exp.If(this=empty, true=text(" "))], default=text(","))
        else:
            at += 1
            shown = call("substr", digits.copy(), exp.Literal.number(at), exp.Literal.number(1))
            if 0 <= first_zero < at:
                shown = call("replace", shown, text(" "), text("0"))
        joined = exp.DPipe(this=joined, expression=shown)
    return exp.Paren(this=joined)


def _part(size: exp.Expr, form: _Format) -> exp.Expr:
    if not form.part:
        return text("")
    digits: exp.Expr = call("split_part", exp.cast(size.copy(), "TEXT"), text("."),
                            exp.Literal.number(2))  # fmt: skip
    if form.fills:
        kept = form.part.rfind("0") + 1
        rest = call("rtrim", call("substr", digits.copy(), exp.Literal.number(kept + 1)), text("0"))
        digits = exp.DPipe(this=call("left", digits, exp.Literal.number(kept)), expression=rest)
    return exp.Paren(this=exp.DPipe(this=text("."), expression=digits))


def _signed(body: exp.Expr, negative: exp.Expr, form: _Format) -> exp.Expr:
    width = len(form.whole) + int(bool(form.part)) + len(form.part)
    sign = exp.Case(ifs=[exp.If(this=negative, true=text("-"))], default=text(""))
    if form.sign in (">S", ">MI"):
        plus = {">S": "+", ">MI": "" if form.fills else " "}[form.sign]
        sign.set("default", text(plus))
        shown = call("ltrim", body) if form.fills else body
        return exp.Paren(this=exp.DPipe(this=exp.Paren(this=shown), expression=sign))
    if form.sign == "<S":
        sign.set("default", text("+"))
        joined = exp.DPipe(this=sign, expression=call("ltrim", body))
        if form.fills:
            return exp.Paren(this=joined)
        return call("lpad", exp.Paren(this=joined), exp.Literal.number(width + 1), text(" "))
    if form.sign:
        raise QueryError("other", name=f'the sign "{form.sign[1:]}" is not supported')
    if form.fills:
        return exp.Paren(this=exp.DPipe(this=sign, expression=call("ltrim", body)))
    return call("_pg_sign_space", negative.copy(), body, exp.Literal.number(width + 1))


def to_number(node: exp.Anonymous) -> exp.Expr:
    """Return the number of a text: without separators, and with the sign at either end."""
    value, format_ = node.expressions
    form = _parse(format_.name)
    value = call("_pg_number_only", value)
    bare = call("regexp_replace", value.copy(), text("[^0-9.]"), text(""), text("g"))
    number = exp.cast(bare, f"DECIMAL(38, {len(form.part)})")
    negative = call("contains", value.copy(), text("-"))
    return typed(  # type: ignore[no-any-return]
        exp.Case(
            ifs=[exp.If(this=negative, true=exp.Neg(this=exp.Paren(this=number)))],
            default=number.copy(),
        ),
        "numeric",
    )


FUNCTIONS = {"to_number": to_number}
