"""PostgreSQL's own catalog: which functions and operators exist, for which types.

The two lists are the rows of `pg_proc` and `pg_operator` of PostgreSQL 18.4 for the types and
functions that the emulator has. Source: manual, chapter 10, "Type Conversion".
"""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

UNKNOWN = "unknown"
"""The type of a text literal whose type the context gives."""

_NUMBERS = ("int2", "int4", "int8", "numeric", "float4", "float8")
_INSTANTS = ("date", "timestamp", "timestamptz")
_PREFERRED = frozenset({"float8", "text", "timestamptz", "bool", "interval"})
_VARIADIC = "..."


class Signature(NamedTuple):
    """The types of the arguments of a function or an operator, and of its result."""

    arguments: Sequence[str]
    result: str
    # Whether the last argument may be repeated.
    variadic: bool = False
    is_set: bool = False

    def types(self, count: int) -> Sequence[str] | None:
        """Return the types for a number of arguments, nothing if it does not fit."""
        if self.variadic and count >= len(self.arguments):
            missing = count - len(self.arguments)
            return [*self.arguments, *[self.arguments[-1]] * missing]
        return self.arguments if count == len(self.arguments) else None


def _lines(name: str) -> Sequence[str]:
    return files(__package__).joinpath(name).read_text().splitlines()


@cache
def _functions() -> dict[str, list[Signature]]:
    known: dict[str, list[Signature]] = {}
    for line in _lines("functions.txt"):
        name, _, rest = line.partition("(")
        arguments, _, result = rest.partition(") ")
        types = [one for one in arguments.split(",") if one]
        variadic = bool(types) and types[-1].startswith(_VARIADIC)
        kept = [
            one.removeprefix(_VARIADIC).removesuffix("[]") if one.startswith(_VARIADIC) else one
            for one in types
        ]
        is_set = result.startswith("setof ")
        signature = Signature(kept, result.removeprefix("setof "), variadic, is_set)
        known.setdefault(name, []).append(signature)
    return known


@cache
def _operators() -> dict[str, list[Signature]]:
    known: dict[str, list[Signature]] = {}
    for line in _lines("operators.txt"):
        name, left, right, result = line.split()
        types = [right] if left == "-" else [left, right]
        known.setdefault(name, []).append(Signature(types, result))
    return known


def function(name: str, types: Sequence[str]) -> Signature | None:
    """Return the function that PostgreSQL calls, with the types of this call."""
    return _resolved(_functions().get(name, ()), types)


def operator(name: str, types: Sequence[str]) -> Signature | None:
    """Return the operator that PostgreSQL uses, with the types of its operands."""
    if any(one.endswith("[]") for one in types):
        return _on_arrays(name, types)
    return _resolved(_operators().get(name, ()), types)


def is_ambiguous(name: str, types: Sequence[str]) -> bool:
    """Return whether more than one operator fits a literal without a type."""
    if UNKNOWN not in types or len(types) < 2:
        return False
    [*known] = {one for one in types if one != UNKNOWN}
    if not known:
        return True
    fitting = [
        one.arguments
        for one in _operators().get(name, ())
        if len(one.arguments) == 2 and all(map(implicit, types, one.arguments))
    ]
    if any(set(one) == {known[0]} for one in fitting):
        return False
    exact = [one for one in fitting if known[0] in one]
    at = list(types).index(UNKNOWN)
    return len(exact) > 1 and not any(one[at] == "text" for one in exact)


def _on_arrays(name: str, types: Sequence[str]) -> Signature | None:
    array = next(one for one in types if one.endswith("[]"))
    if name in ("->", "->>", "#>", "#>>", "#-", "-", "?|", "?&"):
        return _resolved(_operators().get(name, ()), types)
    if name == "||":
        fits = all(implicit(one, array) or implicit(one, array[:-2]) for one in types)
        wanted = [one if one.endswith("[]") else array[:-2] for one in types]
        return Signature(wanted, array) if fits else None
    fits = all(one in (UNKNOWN, array) for one in types)
    return Signature([array, array], "bool") if fits else None


def implicit(type_: str, wanted: str) -> bool:
    """Return whether a type is cast to another without being told."""
    if type_ in (wanted, UNKNOWN) or wanted == "any":
        return True
    if wanted in ("anyelement", "anycompatible"):
        return True
    if wanted in ("anyarray", "anycompatiblearray"):
        return type_.endswith("[]")
    if wanted in ("anynonarray", "anycompatiblenonarray"):
        return not type_.endswith("[]")
    if wanted == "record":
        return type_ == "record"
    for order in (_NUMBERS, _INSTANTS, ("time", "interval")):
        if type_ in order and wanted in order:
            return order.index(type_) <= order.index(wanted)
    return False


def _resolved(candidates: Iterable[Signature], types: Sequence[str]) -> Signature | None:
    fitting = []
    for one in candidates:
        wanted = one.types(len(types))
        if wanted is not None and all(map(implicit, types, wanted)):
            fitting.append(one._replace(arguments=wanted))
    best = _best(fitting, types)
    return None if best is None else _concrete(best, types)


def _best(fitting: Sequence[Signature], types: Sequence[str]) -> Signature | None:
    """Return the candidate by the manual's rules 10.2 and 10.3."""
    known = {one for one in types if one != UNKNOWN}
    if len(known) == 1 and len(types) > 1 and UNKNOWN in types:
        [same] = known
        if exact := [one for one in fitting if set(one.arguments) == {same}]:
            return exact[0]
    fitting = _most(fitting, lambda one: sum(map(str.__eq__, types, one.arguments)))
    fitting = _most(fitting, lambda one: sum(map(_fits_well, types, one.arguments)))
    for at, type_ in enumerate(types):
        if type_ == UNKNOWN:
            fitting = _for_unknown(fitting, at)
    return fitting[0] if fitting else None


def _fits_well(type_: str, wanted: str) -> bool:
    return type_ != UNKNOWN and (type_ == wanted or wanted in _PREFERRED)


def _for_unknown(fitting: Sequence[Signature], at: int) -> Sequence[Signature]:
    texts = [one for one in fitting if one.arguments[at] in ("text", "any", "anyelement")]
    if texts:
        return texts
    return _most(fitting, lambda one: one.arguments[at] in _PREFERRED)


# Any: the key is a number or a truth.
def _most(fitting: Sequence[Signature], key: Any) -> Sequence[Signature]:
    most = max(map(key, fitting), default=0)
    return [one for one in fitting if key(one) == most]


def _concrete(one: Signature, types: Sequence[str]) -> Signature:
    """Return a signature with the types of this call in place of `any…`."""
    elements = [
        type_.removesuffix("[]") if "array" in wanted and "non" not in wanted else type_
        for type_, wanted in zip(types, one.arguments, strict=True)
        if wanted.startswith(("anye", "anya", "anyn", "anyc")) and type_ != UNKNOWN
    ]
    element = common_type(elements) or "text"
    result = {
        "anyelement": element,
        "anycompatible": element,
        "anyarray": f"{element}[]",
        "anycompatiblearray": f"{element}[]",
    }.get(one.result, one.result)
    return one._replace(result=result)


def common_type(types: Sequence[str]) -> str | None:
    """Return the type to which all are cast, nothing if there is none (manual, 10.5)."""
    known = [one for one in types if one != UNKNOWN]
    if not known:
        return "text" if types else None
    common = known[0]
    for one in known[1:]:
        if implicit(common, one):
            common = one
        elif not implicit(one, common):
            return None
    return common


_SHOWN = {
    "bool": "boolean",
    "int2": "smallint",
    "int4": "integer",
    "int8": "bigint",
    "float4": "real",
    "float8": "double precision",
    "timestamp": "timestamp without time zone",
    "timestamptz": "timestamp with time zone",
    "time": "time without time zone",
}


def shown(type_: str) -> str:
    """Return a type as errors show it."""
    if type_.endswith("[]"):
        return shown(type_[:-2]) + "[]"
    return _SHOWN.get(type_, type_)
