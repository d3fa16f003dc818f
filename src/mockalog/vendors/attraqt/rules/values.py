"""The validation of an item's attributes against the schemas of its catalog.

The schemas of a catalog become functions once; these check every item.

Sources: docs/vendors/attraqt.md#44-fhr-validation, docs/vendors/attraqt.md#45-reserved-attributes,
docs/vendors/attraqt.md#62-endpoints and docs/vendors/attraqt.md#63-value-checks.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple

from mockalog.kernel.formats.json import loads_stored
from mockalog.vendors.attraqt.json_columns import OBJECTS, Operation, StoredAttribute
from mockalog.vendors.attraqt.rules.item_schemas import fhr_parts
from mockalog.vendors.attraqt.rules.locales import is_locale
from mockalog.vendors.attraqt.rules.timestamps import parse_timestamp

# The ids of an item's categories. Items of a root schema need no declaration of it (recorded).
CATEGORIES = "categories"

_MISSING = "is required"


class FieldError(NamedTuple):
    """A problem of an item: the path of the value in the item, and the rule that it breaks."""

    path: str
    rule: str


# Returns the problem of a value, None if it is valid.
Check = Callable[[object], FieldError | None]


class ItemType(NamedTuple):
    """The checks of a schema or of a nested schema."""

    checks: Mapping[str, Check]
    required: Collection[str]
    is_root: bool


class CatalogDefinition:
    """The schemas and the category trees of a catalog, as their stored JSON.

    It serves all items of a message or of an ingestion. The checks are cached by the JSON, because
    a name and a version differ in meaning between sandboxes.
    """

    def __init__(self, schemas: tuple[str, ...], trees: tuple[str, ...]) -> None:
        self.schemas = schemas
        self._trees = trees
        self._types: dict[tuple[bool, bool], Mapping[str, ItemType]] = {}

    @cached_property
    def categories(self) -> Collection[str] | None:
        """The names of all nodes of all trees; None without a tree: all categories are allowed."""
        return category_names(self._trees) if self._trees else None

    def item_type(self, operation: Operation) -> ItemType | None:
        """Return the checks of an operation's item, None if its type does not exist."""
        options = operation.kind == "upsert", operation.fhr
        if options not in self._types:
            self._types[options] = item_types(self.schemas, *options)
        return self._types[options].get(operation.type)


def field_errors(definition: CatalogDefinition, operation: Operation) -> list[FieldError]:
    """Return all problems of an item; a deletion has none."""
    if operation.kind == "delete":
        return []
    item_type = definition.item_type(operation)
    if item_type is None:
        return [FieldError("type", "must be the name of an item schema of the catalog")]
    return [
        *_values(item_type, operation),
        *_missing(item_type, definition, operation),
        *_categories(definition, operation),
    ]


def _values(item_type: ItemType, operation: Operation) -> Iterator[FieldError]:
    checks, patching = item_type.checks, operation.kind == "patch"
    for name, value in operation.attributes.items():
        check = checks.get(name)
        if name == CATEGORIES and check is None:
            check = _category_ids
        if check is None:
            yield FieldError(name, "is not declared in the item schema")
        elif value is None and patching:  # it removes the attribute, even a required one (inferred)
            continue
        elif error := check(value):
            yield FieldError(name + error.path, error.rule)


def _missing(
    item_type: ItemType, definition: CatalogDefinition, operation: Operation
) -> Iterator[FieldError]:
    """Yield the required values that an item lacks; a patch need not repeat them."""
    if operation.kind == "patch":
        return
    for name in item_type.required:
        if name not in operation.attributes:
            yield FieldError(name, _MISSING)
    if item_type.is_root:
        if definition.categories is not None and CATEGORIES not in operation.attributes:
            yield FieldError(CATEGORIES, _MISSING)
    elif not operation.parent_id:
        yield FieldError("parentId", _MISSING)


def _categories(definition: CatalogDefinition, operation: Operation) -> Iterator[FieldError]:
    """Yield the categories that no tree of the catalog has."""
    listed, existing = operation.attributes.get(CATEGORIES), definition.categories
    if existing is None or not isinstance(listed, list):
        return
    for name in listed:
        if isinstance(name, str) and name not in existing:
            yield FieldError(f"{CATEGORIES} {name}", "is in no category tree of the catalog")


@lru_cache(maxsize=8)
def category_names(trees: tuple[str, ...]) -> Collection[str]:
    """Return the names of all nodes of a catalog's trees, each of up to 4 MB of JSON.

    An item may name any node, but not a tree (inferred).
    """
    names: set[str] = set()
    level = [node for tree in trees for node in loads_stored(tree)["children"]]
    while level:
        names.update(node["name"] for node in level)
        level = [child for node in level for child in node["children"]]
    return names


@lru_cache(maxsize=64)
def item_types(schemas: tuple[str, ...], complete: bool, fhr: bool) -> Mapping[str, ItemType]:
    """Return the checks by type; of two schemas with one name the first wins (inferred).

    `complete`: required attributes must be present. `fhr`: objects need value and value id.
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
    attributes: Sequence[StoredAttribute], complete: bool, fhr: bool
) -> Mapping[str, Check]:
    return {a["name"]: _check(a["type"], a, complete, fhr) for a in attributes}


def _required(attributes: Sequence[StoredAttribute]) -> tuple[str, ...]:
    return tuple(a["name"] for a in attributes if a["isRequired"])


def _check(kind: str, attribute: StoredAttribute, complete: bool, fhr: bool) -> Check:
    if kind in OBJECTS:
        check = _object(attribute["attributes"], complete, fhr)
        return check if kind == "OBJECT" else _array(check)
    if kind == "LIST":
        sub_type = attribute["listSubType"]
        # The schema does not define the entries of inner lists.
        return _array(
            _is_array if sub_type == "LIST" else _check(sub_type, attribute, complete, fhr)
        )
    return _SIMPLE[kind]


def _object(attributes: Sequence[StoredAttribute], complete: bool, fhr: bool) -> Check:
    checks = _checks(attributes, complete, fhr)
    required = {
        *(_required(attributes) if complete else ()),
        *(fhr_parts(attributes) if fhr else ()),
    }

    def check(value: object) -> FieldError | None:
        if not isinstance(value, dict):
            return FieldError("", "must be an object")
        for name, part in value.items():
            if name not in checks:
                return FieldError(f".{name}", "is not declared in the item schema")
            if error := checks[name](part):
                return FieldError(f".{name}{error.path}", error.rule)
        missing = min(required - value.keys(), default=None)
        return None if missing is None else FieldError(f".{missing}", _MISSING)

    return check


def _array(check: Check) -> Check:
    def check_all(value: object) -> FieldError | None:
        if not isinstance(value, list):
            return FieldError("", "must be an array")
        for number, entry in enumerate(value):
            if error := check(entry):
                return FieldError(f"[{number}]{error.path}", error.rule)
        return None

    return check_all


def _simple(rule: str, is_valid: Callable[[object], bool]) -> Check:
    error = FieldError("", rule)
    return lambda value: None if is_valid(value) else error


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_localized(value: object) -> bool:
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
        lambda value: isinstance(value, str) and parse_timestamp(value) is not None,
    ),
    "LOCALIZEDTEXT": _simple("must be an object from locale to text", _is_localized),
}
