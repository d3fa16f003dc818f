"""Functions of texts.

Source: MariaDB's Knowledge Base, "String Functions", and a MariaDB 10.11, measured.
"""

from functools import reduce
from typing import Any

from sqlglot import exp

from mockalog.vendors.squared.sql.dialects.kinds import annotated
from mockalog.vendors.squared.sql.dialects.mariadb.casts import whole
from mockalog.vendors.squared.sql.dialects.mariadb.comparisons import comparable
from mockalog.vendors.squared.sql.dialects.mariadb.kinds import number, text
from mockalog.vendors.squared.sql.dialects.rules import Rules, call


def _subject(node: exp.Expr) -> exp.Expr:
    """The value of a function of one text."""
    node.set("this", text(node.this))
    return node


def _concat(node: exp.Concat) -> exp.Expr:
    first, *others = [text(one) for one in node.expressions]
    joined: exp.Expr = exp.cast(first, "TEXT")
    for one in others:
        joined = exp.DPipe(this=joined, expression=one)
    joined = exp.paren(joined)
    joined.type = exp.DataType.build("TEXT")
    return joined


def _concat_ws(node: exp.ConcatWs) -> exp.Expr:
    node.set("expressions", [text(one) for one in node.expressions])
    return node


def _substring(node: exp.Substring) -> exp.Expr:
    start = whole(node.args["start"])
    if (length := node.args.get("length")) is None:
        return call("_my_substring", text(node.this), start, type_="TEXT")
    return call("_my_part", text(node.this), start, whole(length), type_="TEXT")


def _mid(node: exp.Anonymous) -> exp.Expr:
    value, start, *length = node.expressions
    parts = [whole(one) for one in (start, *length)]
    return call("_my_part" if length else "_my_substring", text(value), *parts, type_="TEXT")


def _side(name: str) -> Any:
    """Return a rule for LEFT or RIGHT."""
    return lambda node: call(name, text(node.this), whole(node.expression), type_="TEXT")


def _position(node: exp.StrPosition) -> exp.Expr:
    parts = [text(node.this), text(node.args["substr"])]
    if (start := node.args.get("position")) is None:
        return call("_my_position", *parts, type_="BIGINT")
    return call("_my_position_from", *parts, whole(start), type_="BIGINT")


def _replace(node: exp.Replace) -> exp.Expr:
    parts = [node.this, node.expression, node.args["replacement"]]
    return call("_my_replace", *(text(one) for one in parts), type_="TEXT")


def _repeat(node: exp.Repeat) -> exp.Expr:
    return call("_my_repeat", text(node.this), whole(node.args["times"]), type_="TEXT")


def _pad(node: exp.Pad) -> exp.Expr:
    fill = node.args.get("fill_pattern") or exp.Literal.string(" ")
    name = "_my_lpad" if node.args.get("is_left") else "_my_rpad"
    return call(name, text(node.this), whole(node.expression), text(fill), type_="TEXT")


def _insert(node: exp.Stuff) -> exp.Expr:
    numbers = [whole(node.args["start"]), whole(node.args["length"])]
    return call("_my_insert", text(node.this), *numbers, text(node.expression), type_="TEXT")


def _trim(node: exp.Trim) -> exp.Expr:
    """The characters of TRIM are one text, not a set."""
    removed = node.expression
    side = str(node.args.get("position") or "BOTH").upper()
    if removed is None:
        node.set("this", text(node.this))
        node.set("expression", exp.Literal.string(" "))
        return node
    value: exp.Expr = text(node.this)
    if side in ("BOTH", "LEADING"):
        value = call("_my_trim_left", value, text(removed.copy()), type_="TEXT")
    if side in ("BOTH", "TRAILING"):
        value = call("_my_trim_right", value, text(removed.copy()), type_="TEXT")
    return value


def _length(node: exp.Length) -> exp.Expr:
    return call("strlen" if node.args.get("binary") else "length", text(node.this), type_="BIGINT")


def _upper(node: exp.Upper) -> exp.Expr:
    """A sharp s has no upper case."""
    upper = exp.Upper(this=text(node.this))
    return call("replace", upper, exp.Literal.string("ẞ"), exp.Literal.string("ß"), type_="TEXT")


def _char(node: exp.Chr) -> exp.Expr:
    codes = [call("chr", exp.cast(number(one), "INTEGER")) for one in node.expressions]
    return call("concat", *codes, type_="TEXT")


def _substring_index(node: exp.SubstringIndex) -> exp.Expr:
    parts = [text(node.this), text(node.args["delimiter"]), whole(node.args["count"])]
    return call("_my_substring_index", *parts, type_="TEXT")


def _field(node: exp.Anonymous) -> exp.Expr:
    value, *others = node.expressions
    pairs = [comparable(value.copy(), one) for one in others]
    ifs = [
        exp.If(this=exp.EQ(this=left, expression=right), true=exp.Literal.number(at))
        for at, (left, right) in enumerate(pairs, 1)
    ]
    return exp.Case(ifs=ifs, default=exp.Literal.number(0))


def _elt(node: exp.Elt) -> exp.Expr:
    ifs = [
        exp.If(
            this=exp.EQ(this=whole(node.this).copy(), expression=exp.Literal.number(at)),
            true=text(one),
        )
        for at, one in enumerate(node.expressions, 1)
    ]
    return exp.Case(ifs=ifs)


def _texts(name: str, type_: str) -> Any:
    """Return a rule: a function of texts."""

    def rule(node: exp.Anonymous) -> exp.Expr:
        return call(name, *(text(one) for one in node.expressions), type_=type_)

    return rule


def _group_concat(node: exp.GroupConcat) -> exp.Expr:
    """The values of GROUP_CONCAT are texts; a null among several leaves the row out."""
    holder: Any = node
    while isinstance(holder.this, exp.Order | exp.Distinct):
        holder = holder.this
    if isinstance(holder, exp.Distinct):
        holder.set("expressions", [text(one) for one in holder.expressions])
    else:
        holder.set("this", text(holder.this))
    value = holder.expressions[0] if isinstance(holder, exp.Distinct) else holder.this
    for ordered in node.find_all(exp.Ordered):
        if isinstance(ordered.this, exp.Literal):  # the number of a value
            ordered.set("this", value.copy())
    return node


def _interval(node: exp.Interval) -> exp.Expr:
    """INTERVAL(n, a, b) counts the limits that are not above n."""
    if not isinstance(node.this, exp.Tuple):
        return node
    value, *limits = node.this.expressions
    counts: list[exp.Expr] = [
        exp.If(
            this=exp.LTE(this=number(one), expression=number(value).copy()),
            true=exp.Literal.number(1),
            false=exp.Literal.number(0),
        )
        for one in limits
    ]
    total = reduce(lambda a, b: exp.Add(this=a, expression=b), counts)
    is_null = exp.Is(this=value.copy(), expression=exp.null())
    return exp.If(this=is_null, true=exp.Literal.number(-1), false=exp.paren(total))


RULES = Rules(
    nodes={
        exp.Concat: _concat,
        exp.ConcatWs: _concat_ws,
        exp.Substring: _substring,
        exp.Left: _side("_my_left"),
        exp.Right: _side("_my_right"),
        exp.StrPosition: _position,
        exp.Replace: _replace,
        exp.Repeat: _repeat,
        exp.Pad: _pad,
        exp.Stuff: _insert,
        exp.Trim: _trim,
        exp.Length: _length,
        exp.Upper: _upper,
        exp.Chr: _char,
        exp.SubstringIndex: _substring_index,
        exp.Elt: _elt,
        exp.GroupConcat: _group_concat,
        exp.Interval: _interval,
        **dict.fromkeys((exp.Lower, exp.Reverse, exp.Ascii, exp.MD5, exp.SHA), _subject),
        exp.CurrentSchema: lambda _: exp.Literal.string("shop"),
        exp.CurrentVersion: lambda _: exp.Literal.string("10.11.6-MariaDB"),
    },
    functions={
        "mid": _mid,
        "field": _field,
        "find_in_set": _texts("_my_find_in_set", "BIGINT"),
        "strcmp": _texts("_my_compare", "BIGINT"),
        "octet_length": _texts("strlen", "BIGINT"),
        "quote": _texts("_my_quote", "TEXT"),
        "ord": _texts("_my_ord", "BIGINT"),
        "conv": _texts("_my_conv", "TEXT"),
    },
    types=dict.fromkeys(
        (exp.Left, exp.Right, exp.SubstringIndex, exp.Elt, exp.Pad, exp.Stuff, exp.GroupConcat),
        annotated("TEXT"),
    ),
    function_types={
        "mid": "TEXT",
        "field": "BIGINT",
        "find_in_set": "BIGINT",
        "strcmp": "BIGINT",
        "conv": "TEXT",
        "octet_length": "BIGINT",
        "quote": "TEXT",
        "ord": "BIGINT",
    },
    macros=(
        "CREATE MACRO _my_substring(x, p) AS CASE WHEN p = 0 OR p < -length(x) THEN ''"
        " ELSE substring(x, p) END",
        "CREATE MACRO _my_part(x, p, n) AS CASE WHEN n <= 0 THEN ''"
        " ELSE substring(_my_substring(x, p), 1, n) END",
        "CREATE MACRO _my_left(x, n) AS left(x, greatest(n, 0))",
        "CREATE MACRO _my_right(x, n) AS CASE WHEN n <= 0 THEN '' ELSE right(x, n) END",
        # `strpos` ignores accents, LOCATE does not.
        "CREATE MACRO _my_position(x, y) AS CASE WHEN y = '' THEN 1"
        " WHEN len(string_split(lower(x), lower(y))) < 2 THEN 0"
        " ELSE length(string_split(lower(x), lower(y))[1]) + 1 END",
        "CREATE MACRO _my_position_from(x, y, p) AS CASE"
        " WHEN p <= 0 OR _my_position(substring(x, p), y) = 0 THEN 0"
        " ELSE _my_position(substring(x, p), y) + p - 1 END",
        "CREATE MACRO _my_replace(x, a, b) AS CASE WHEN a = '' THEN x ELSE replace(x, a, b) END",
        "CREATE MACRO _my_repeat(x, n) AS repeat(x, greatest(n, 0))",
        "CREATE MACRO _my_lpad(x, n, p) AS CASE WHEN n < 0 THEN NULL WHEN p = ''"
        " THEN left(x, n) ELSE lpad(x, CAST(n AS INTEGER), p) END",
        "CREATE MACRO _my_rpad(x, n, p) AS CASE WHEN n < 0 THEN NULL WHEN p = ''"
        " THEN left(x, n) ELSE rpad(x, CAST(n AS INTEGER), p) END",
        "CREATE MACRO _my_insert(x, p, n, y) AS CASE WHEN p < 1 OR p > length(x) THEN x"
        " ELSE left(x, p - 1) || y || CASE WHEN n < 0 THEN '' ELSE substring(x, p + n) END END",
        "CREATE MACRO _my_trim_left(x, y) AS CASE WHEN y = '' THEN x ELSE"
        " regexp_replace(x, '^(' || regexp_escape(y) || ')+', '') END",
        "CREATE MACRO _my_trim_right(x, y) AS CASE WHEN y = '' THEN x ELSE"
        " regexp_replace(x, '(' || regexp_escape(y) || ')+$', '') END",
        "CREATE MACRO _my_substring_index(x, d, n) AS CASE WHEN d = '' OR n = 0 THEN ''"
        " WHEN n > 0 THEN array_to_string(string_split(x, d)[:n], d)"
        " ELSE array_to_string(string_split(x, d)[n:], d) END",
        "CREATE MACRO _my_find_in_set(x, s) AS CASE WHEN x IS NULL OR s IS NULL THEN NULL"
        " ELSE coalesce(list_position(string_split(lower(s), ','), lower(x)), 0) END",
        "CREATE MACRO _my_compare(a, b) AS CASE WHEN a = b THEN 0 WHEN a < b THEN -1"
        " WHEN a > b THEN 1 END",
        "CREATE MACRO _my_quote(x) AS coalesce('''' ||"
        " replace(replace(x, '\\', '\\\\'), '''', '\\''') || '''', 'NULL')",
        "CREATE MACRO _my_conv(x, a, b) AS upper(to_base(CASE a WHEN '10'"
        " THEN CAST(x AS BIGINT) WHEN '16' THEN CAST('0x' || x AS BIGINT) WHEN '2'"
        " THEN CAST('0b' || x AS BIGINT) ELSE error('CONV of this base') END, CAST(b AS INTEGER)))",
        "CREATE MACRO _my_ord(x) AS CASE WHEN x = '' THEN 0"
        " ELSE CAST('0x' || hex(left(x, 1)) AS BIGINT) END",
    ),
)
