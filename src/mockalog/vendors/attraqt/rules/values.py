"""Which values an item's attributes take.

A catalog's schemas are turned into functions once, and every item is held against those.

Sources: docs/vendors/attraqt.md#44-fhr-validation, docs/vendors/attraqt.md#45-reserved-attributes,
docs/vendors/attraqt.md#62-endpoints and docs/vendors/attraqt.md#63-value-checks.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from mockalog.kernel.formats.json import loads_stored
from mockalog.vendors.attraqt.rules.instants import instant
from mockalog.vendors.attraqt.rules.item_schemas import OBJECTS, fhr_parts
from mockalog.vendors.attraqt.rules.items import Operation
from mockalog.vendors.attraqt.rules.tenancy import is_locale

# What every item of a root schema may carry undeclared: the ids of its categories (recorded).
CATEGORIES = "categories"

_MISSING = "is required"


class Misfit(NamedTuple):
    """What is wrong with a value: where in the item, and what it should be."""

    where: str
    what: str


# Says what is wrong with a value, None if nothing is.
Check = Callable[[Any], Misfit | None]


class ItemType(NamedTuple):
    """One schema or nested schema: what its items are held against."""

    checks: Mapping[str, Check]
    required: Collection[str]
    is_root: bool


class Contents:
    """What a catalog says of its items: made once for all items of a message or of a run.

    Schemas and trees come as their stored JSON. What is made of them is remembered by these
    texts: names and versions mean something else in each sandbox and each app of a process.
    """

    def __init__(self, schemas: tuple[str, ...], trees: tuple[str, ...]) -> None:
        self.schemas = schemas
        self._trees = trees
        self._types: dict[tuple[bool, bool], Mapping[str, ItemType]] = {}

    @cached_property
    def categories(self) -> Collection[str] | None:
        """The names of all nodes of all trees; None without a tree, when anything goes."""
        return category_names(self._trees) if self._trees else None

    def item_type(self, operation: Operation) -> ItemType | None:
        """Return what an operation's item is held against, None if there is no such type."""
        wanted = operation.kind == "upsert", operation.fhr
        if wanted not in self._types:
            self._types[wanted] = item_types(self.schemas, *wanted)
        return self._types[wanted].get(operation.type)


def misfits(contents: Contents, operation: Operation) -> list[Misfit]:
    """Return all that is wrong with an item; a deletion is held against nothing."""
    if operation.kind == "delete":
        return []
    item_type = contents.item_type(operation)
    if item_type is None:
        return [Misfit("type", "must be the name of an item schema of the catalog")]
    return [
        *_values(item_type, operation),
        *_missing(item_type, contents, operation),
        *_categories(contents, operation),
    ]


def _values(item_type: ItemType, operation: Operation) -> Iterator[Misfit]:
    checks, patching = item_type.checks, operation.kind == "patch"
    for name, value in operation.attributes.items():
        check = checks.get(name)
        if name == CATEGORIES and check is None:
            check = _category_ids
        if check is None:
            yield Misfit(name, "is not declared in the item schema")
        elif value is None and patching:  # removes it, be it required or not (inferred)
            continue
        elif misfit := check(value):
            yield Misfit(name + misfit.where, misfit.what)


def _missing(item_type: ItemType, contents: Contents, operation: Operation) -> Iterator[Misfit]:
    """Yield what an item must have; a change of one need not repeat it."""
    if operation.kind == "patch":
        return
    for name in item_type.required:
        if name not in operation.attributes:
            yield Misfit(name, _MISSING)
    if item_type.is_root:
        if contents.categories is not None and CATEGORIES not in operation.attributes:
            yield Misfit(CATEGORIES, _MISSING)
    elif not operation.parent_id:
        yield Misfit("parentId", _MISSING)


def _categories(contents: Contents, operation: Operation) -> Iterator[Misfit]:
    """Yield the categories that no tree of the catalog has."""
    listed, known = operation.attributes.get(CATEGORIES), contents.categories
    if known is None or not isinstance(listed, list):
        return
    for name in listed:
        if isinstance(name, str) and name not in known:
            yield Misfit(f"{CATEGORIES} {name}", "is in no category tree of the catalog")


@lru_cache(maxsize=8)
def category_names(trees: tuple[str, ...]) -> Collection[str]:
    """Return the names of all nodes of a catalog's trees, each of up to 4 MB of JSON.

    An item may name any of them, not leaves alone, but no tree by its own name (inferred).
    """
    names: set[str] = set()
    level = [node for tree in trees for node in loads_stored(tree)["children"]]
    while level:
        names.update(node["name"] for node in level)
        level = [child for node in level for child in node["children"]]
    return names


@lru_cache(maxsize=64)
def item_types(schemas: tuple[str, ...], complete: bool, fhr: bool) -> Mapping[str, ItemType]:
    """Return the item types of schemas; of two with one name the first counts (inferred).

    `complete`: required attributes have to be there. `fhr`: objects need value and value id.
    """
    types: dict[str, ItemType] = {}
    level, is_root = [loads_stored(schema) for schema in schemas], True
    while level:
        for schema in level:
            checks = _checks(schema["attributes"], complete, fhr)
            required = _required(schema["attributes"]) if complete else ()
            types.setdefault(schema["name"], ItemType(checks, required, is_root))
        level = [nested for schema in level for nested in schema["nestedItemSchemas"]]
        is_root = False
    return types


def _checks(
    attributes: Sequence[Mapping[str, Any]], complete: bool, fhr: bool
) -> Mapping[str, Check]:
    return {a["name"]: _check(a["type"], a, complete, fhr) for a in attributes}


def _required(attributes: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(a["name"] for a in attributes if a["isRequired"])


def _check(kind: str, attribute: Mapping[str, Any], complete: bool, fhr: bool) -> Check:
    if kind in OBJECTS:
        check = _object(attribute["attributes"], complete, fhr)
        return check if kind == "OBJECT" else _array(check)
    if kind == "LIST":
        sub_type = attribute["listSubType"]
        # A list of lists says nothing of what is in these.
        return _array(
            _is_array if sub_type == "LIST" else _check(sub_type, attribute, complete, fhr)
        )
    return _SIMPLE[kind]


def _object(attributes: Sequence[Mapping[str, Any]], complete: bool, fhr: bool) -> Check:
    checks = _checks(attributes, complete, fhr)
    required = {
        *(_required(attributes) if complete else ()),
        *(fhr_parts(attributes) if fhr else ()),
    }

    def check(value: Any) -> Misfit | None:
        if not isinstance(value, dict):
            return Misfit("", "must be an object")
        for name, part in value.items():
            if name not in checks:
                return Misfit(f".{name}", "is not declared in the item schema")
            if misfit := checks[name](part):
                return Misfit(f".{name}{misfit.where}", misfit.what)
        missing = min(required - value.keys(), default=None)
        return None if missing is None else Misfit(f".{missing}", _MISSING)

    return check


def _array(check: Check) -> Check:
    def check_all(value: Any) -> Misfit | None:
        if not isinstance(value, list):
            return Misfit("", "must be an array")
        for number, entry in enumerate(value):
            if misfit := check(entry):
                return Misfit(f"[{number}]{misfit.where}", misfit.what)
        return None

    return check_all


def _simple(what: str, fits: Callable[[Any], bool]) -> Check:
    misfit = Misfit("", what)
    return lambda value: None if fits(value) else misfit


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_localized(value: Any) -> bool:
    return isinstance(value, dict) and all(
        is_locale(locale) and isinstance(text, str) for locale, text in value.items()
    )


_is_text = _simple("must be a text", lambda value: isinstance(value, str))
_is_array = _simple("must be an array", lambda value: isinstance(value, list))
_category_ids = _array(_is_text)
_SIMPLE: Mapping[str, Check] = {
    "BOOLEAN": _simple("must be true or false", lambda value: isinstance(value, bool)),
    "INTEGER": _simple(
        "must be an integer", lambda value: isinstance(value, int) and not isinstance(value, bool)
    ),
    "FLOAT": _simple("must be a number", _is_number),
    "TEXT": _is_text,
    "TIMESTAMP": _simple(
        "must be an ISO 8601 text",
        lambda value: isinstance(value, str) and instant(value) is not None,
    ),
    "LOCALIZEDTEXT": _simple("must be an object from locale to text", _is_localized),
}
