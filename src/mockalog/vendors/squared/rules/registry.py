"""The registry of what can be connected: 29 sources and 27 destinations.

Source: docs/vendors/squared.md#14-registry.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson

_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Rates(NamedTuple):
    """How fast a connector may be called."""

    limit: int | None
    unit: str | None
    concurrency: int | None


# What a catalog says that is read from a remote system
# (docs/vendors/squared.md#12-discovered-catalogs).
DEFAULT_RATES = Rates(60, "minute", 10)
# And of one that cannot be reached (docs/vendors/squared.md#91-create-a-catalog).
NO_RATES = Rates(None, None, None)


@dataclass(frozen=True)
class Definition:
    """One connector of the registry; `record` is all that the data file has of it."""

    record: Mapping[str, Any]
    icon: str

    @property
    def category(self) -> str:
        """Return what the list's `category` filter goes by."""
        return str(self.record["category"])

    @property
    def sub_category(self) -> str | None:
        """Return what the list's `sub_category` filter goes by, None for most destinations."""
        sub_category: str | None = self.record["sub_category"]
        return sub_category

    @cached_property
    def masked_keys(self) -> frozenset[str]:
        """Return the keys whose values no answer shows."""
        return frozenset(self.record["masked_keys"])

    @property
    def rates(self) -> Rates:
        """Return the rates of the connector's own catalog."""
        catalog = self.record.get("catalog")
        if catalog is None:
            return DEFAULT_RATES
        names = ("request_rate_limit", "request_rate_limit_unit", "request_rate_concurrency")
        return Rates(*(catalog[name] for name in names))

    @cached_property
    def json_schema(self) -> dict[str, Any]:
        """Return the JSON Schema (draft 7) that a configuration has to satisfy."""
        record = self.record
        schema = {"type": "object", "required": record["required"]}
        return {**schema, "properties": record["properties"], **record.get("conditional", {})}


@dataclass(frozen=True)
class Registry:
    """Every definition by type and name; both are case-sensitive."""

    definitions: Mapping[tuple[str, str], Definition]
    icon_base: str

    def find(self, connector_type: str, name: str) -> Definition | None:
        """Return the definition, None if the type has none of that name."""
        return self.definitions.get((connector_type, name))

    def of_type(self, connector_type: str) -> Iterator[Definition]:
        """Yield the definitions of a type, in the order of the registry."""
        for (kind, _), definition in self.definitions.items():
            if kind == connector_type:
                yield definition

    def nearest(self, connector_type: str, name: str) -> Definition | None:
        """Return the definition of the type, else of the other type (docs dialect)."""
        both = connector_type, "source", "destination"
        return next(filter(None, (self.find(kind, name) for kind in both)), None)

    def icon_of_unknown(self, connector_type: str, name: str) -> str:
        """Return where an icon would lie (inferred: clients expect text, so not null)."""
        folder = quote(_CAPITAL.sub("_", name).lower(), safe="")
        return f"{self.icon_base}{connector_type}/{folder}/icon.svg"


@cache
def registry() -> Registry:
    """Return the registry of the package's data file.

    The file is an immutable constant of the package, so keeping it for the whole process is
    no shared state; it is read on first use because a cold start must not wait for it.
    """
    data = orjson.loads(files("mockalog.vendors.squared").joinpath("connectors.json").read_bytes())
    base = data["icon_base"]
    definitions = {
        (record["type"], record["name"]): Definition(record, base + record["icon_path"])
        for record in data["connectors"]
    }
    return Registry(definitions, base)
