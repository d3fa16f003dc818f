"""The validation of an item's attributes against the schemas of its catalog.

The schemas of a catalog become functions once; these check every item.

Sources: docs/vendors/attraqt.md#44-fhr-validation, docs/vendors/attraqt.md#45-reserved-attributes,
docs/vendors/attraqt.md#62-endpoints and docs/vendors/attraqt.md#63-value-checks.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import NamedTuple

from mockalog.kernel.formats.json import loads_stored
from mockalog.vendors.attraqt.json_columns import OBJECTS, Operation, StoredAttribute
from mockalog.vendors.attraqt.rules.category_trees import category_leaves
from mockalog.vendors.attraqt.rules.item_schemas import fhr_parts
from mockalog.vendors.attraqt.rules.items import MAX_ERRORS, MISSING, FieldError
from mockalog.vendors.attraqt.rules.locales import is_locale
from mockalog.vendors.attraqt.rules.primitives import shown
from mockalog.vendors.attraqt.rules.timestamps import parse_timestamp

# The ids of an item's categories. Items of a root schema need no declaration of it (recorded).
CATEGORIES = "categories"

_UNDECLARED = "is not declared in the item schema"


# Returns the problems of a value.
Check = Callable[[object], Sequence[FieldError]]


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
    def categories(self) -> Mapping[str, bool] | None:
        """Whether each node of the trees is a leaf; None without a tree: all are allowed."""
        return category_leaves(self._trees) if self._trees else None

    def item_type(self, operation: Operation) -> ItemType | None:
        """Return the checks of an operation's item, None if its type does not exist."""
        options = operation.kind == "upsert", operation.fhr
        if options not in self._types:
            self._types[options] = item_types(self.schemas, *options)
        return self._types[options].get(operation.type)


def field_errors(definition: CatalogDefinition, operation: Operation) -> list[FieldError]:
    """Return the problems of an item, at most `MAX_ERRORS`; a deletion has none."""
    if operation.kind == "delete":
        return []
    item_type = definition.item_type(operation)
    if item_type is None:
        rule = "must be the name of an item schema of the catalog"
        return [FieldError("type", rule, shown(operation.type))]
    required = _required_names(item_type, definition, operation)
    errors = chain(
        _values(item_type, required, operation),
        _missing(item_type, required, operation),
        _categories(definition, operation),
    )
    return list(islice(errors, MAX_ERRORS))


def _required_names(
    item_type: ItemType, definition: CatalogDefinition, operation: Operation
) -> Collection[str]:
    """Return the attributes that an item must have; a patch need not repeat them."""
    if operation.kind == "patch":
        return ()
    required = item_type.required
    if not item_type.is_root or definition.categories is None or CATEGORIES in required:
        return required
    return (*required, CATEGORIES)


def _values(
    item_type: ItemType, required: Collection[str], operation: Operation
) -> Iterator[FieldError]:
    checks, patching = item_type.checks, operation.kind == "patch"
    for name, value in operation.attributes.items():
        check = checks.get(name)
        if name == CATEGORIES and check is None:
            check = _category_ids
        if check is None:
            yield FieldError(name, _UNDECLARED)
        elif value is None and (patching or name in required):
            # A patch removes even a required attribute (inferred). Otherwise it is missing.
            continue
        else:
            for error in check(value):
                yield error.below(name)


def _missing(
    item_type: ItemType, required: Collection[str], operation: Operation
) -> Iterator[FieldError]:
    """Yield the required values that an item lacks; null is none."""
    for name in required:
        if operation.attributes.get(name) is None:
            yield FieldError(name, MISSING)
    if operation.kind == "upsert" and not item_type.is_root and not operation.parent_id:
        yield FieldError("parentId", MISSING)


def _categories(definition: CatalogDefinition, operation: Operation) -> Iterator[FieldError]:
    """Yield the categories that are no leaf of a tree; an item needs at least one leaf."""
    listed, leaves = operation.attributes.get(CATEGORIES), definition.categories
    if leaves is None or not isinstance(listed, list):
        return
    if not listed:
        yield FieldError(CATEGORIES, "must hold at least one leaf of a category tree")
    for name in listed:
        if isinstance(name, str) and not leaves.get(name):
            yield _category_error(name, is_branch=name in leaves)


def _category_error(name: str, *, is_branch: bool) -> FieldError:
    rule = "is in no category tree of the catalog"
    if is_branch:
        rule = "is a branch of a category tree, not a leaf"
    return FieldError(f"{CATEGORIES} {name}", rule, attribute=CATEGORIES)


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

    def check(value: object) -> Sequence[FieldError]:
        if not isinstance(value, dict):
            return [FieldError("", "must be an object", shown(value))]
        errors: list[FieldError] = []
        for name, part in value.items():
            if name not in checks:
                errors.append(FieldError(f".{name}", _UNDECLARED))
            elif part is not None or name not in required:
                errors += [error.below(f".{name}") for error in checks[name](part)]
        missing = [name for name in required if value.get(name) is None]
        return errors + [FieldError(f".{name}", MISSING) for name in sorted(missing)]

    return check


def _array(check: Check) -> Check:
    def check_all(value: object) -> Sequence[FieldError]:
        if not isinstance(value, list):
            return [FieldError("", "must be an array", shown(value))]
        errors: list[FieldError] = []
        for number, entry in enumerate(value):
            if found := check(entry):
                errors += [error.below(f"[{number}]") for error in found]
                if len(errors) >= MAX_ERRORS:
                    break
        return errors

    return check_all


def _simple(rule: str, is_valid: Callable[[object], bool]) -> Check:
    return lambda value: () if is_valid(value) else [FieldError("", rule, shown(value))]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _localized(value: object) -> Sequence[FieldError]:
    """Return the problem of a localized text; it shows the invalid entries alone."""
    rule = "must be an object from locale to text"
    if not isinstance(value, dict):
        return [FieldError("", rule, shown(value))]
    invalid = {
        locale: text
        for locale, text in value.items()
        if not (is_locale(locale) and isinstance(text, str))
    }
    return [FieldError("", rule, shown(invalid))] if invalid else ()


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
    "LOCALIZEDTEXT": _localized,
}
