"""The registry of connector definitions: 29 sources and 27 destinations.

Source: docs/vendors/squared.md#14-registry.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, NamedTuple

import orjson


class Rates(NamedTuple):
    """The rate limits of a connector: `limit` requests a `unit`, `concurrency` at once."""

    limit: int | None
    unit: str | None
    concurrency: int | None


# The rates of a discovered catalog
# (docs/vendors/squared.md#12-discovered-catalogs).
DEFAULT_RATES = Rates(60, "minute", 10)
# The rates of an unreachable connector's catalog (docs/vendors/squared.md#91-create-a-catalog).
NO_RATES = Rates(None, None, None)


@dataclass(frozen=True)
class Definition:
    """One connector of the registry; `record` is its entry in the data file."""

    record: Mapping[str, Any]
    icon: str

    @property
    def category(self) -> str:
        """Return the category, which the list's filter compares."""
        return str(self.record["category"])

    @property
    def sub_category(self) -> str | None:
        """Return the sub-category, None for most destinations."""
        sub_category: str | None = self.record["sub_category"]
        return sub_category

    @cached_property
    def masked_keys(self) -> frozenset[str]:
        """Return the keys whose values are masked."""
        return frozenset(self.record["masked_keys"])

    # Any: a catalog is JSON, in the format of the data file.
    def catalog(self, data_type: object) -> Mapping[str, Any] | None:
        """Return the fixed catalog for a type of data, None if the connector discovers its own.

        Files have a catalog for each type of data (amendment squared A11).
        """
        for known, catalog in self.record.get("file_catalogs", {}).items():
            if known == data_type:
                return dict(catalog)
        fixed: Mapping[str, Any] | None = self.record.get("catalog")
        return fixed

    def is_readable(self, data_type: object) -> bool:
        """Return whether the client reads a type of data; some read nothing but files."""
        return "files_only" not in self.record or self.catalog(data_type) is not None

    @property
    def rates(self) -> Rates:
        """Return the rates of the connector's own catalog."""
        catalog = self.record.get("catalog")
        if catalog is None:
            return DEFAULT_RATES
        names = ("request_rate_limit", "request_rate_limit_unit", "request_rate_concurrency")
        return Rates(*(catalog[name] for name in names))

    @property
    def json_schema(self) -> Mapping[str, object]:
        """Return the JSON Schema (draft 7) of a configuration."""
        schema: Mapping[str, object] = self.record["connector_spec"]["connection_specification"]
        return schema


@dataclass(frozen=True)
class Registry:
    """All definitions by type and name, both case-sensitive."""

    definitions: Mapping[tuple[str, str], Definition]

    def find(self, connector_type: str, name: str) -> Definition | None:
        """Return the definition of this type and name."""
        return self.definitions.get((connector_type, name))

    def of_type(self, connector_type: str) -> Iterator[Definition]:
        """Yield the definitions of a type, in the order of the registry."""
        for (kind, _), definition in self.definitions.items():
            if kind == connector_type:
                yield definition

    def nearest(self, connector_type: str, name: str) -> Definition | None:
        """Return the definition of the type, otherwise of the other type (docs dialect)."""
        both = connector_type, "source", "destination"
        return next(filter(None, (self.find(kind, name) for kind in both)), None)


@cache
def load_registry() -> Registry:
    """Return the registry of the package's data file.

    The file never changes, so the registry is cached for the process. It is read at its first
    use, because a start must not wait for it.
    """
    data = orjson.loads(files("mockalog.vendors.squared").joinpath("connectors.json").read_bytes())
    base = data["icon_base"]
    definitions = {
        (record["type"], record["name"]): Definition(record, base + record["icon_path"])
        for record in data["connectors"]
    }
    return Registry(definitions)
