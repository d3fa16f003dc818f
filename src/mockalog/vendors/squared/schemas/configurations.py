"""The parts of a sync's configuration on the wire (squared.md, section 11.2)."""

from typing import Literal

from mockalog.vendors.squared.rules.configurations import mapping_types
from mockalog.vendors.squared.schemas.base import Out, exampled


class KindOut(Out):
    """A kind of static value."""

    type: str
    description: str


class StaticOut(Out):
    """The kinds of static values."""

    string: KindOut
    number: KindOut
    boolean: KindOut
    null: KindOut


class VariableOut(Out):
    """A variable of templates."""

    type: str
    description: str
    value: str


class VariablesOut(Out):
    """The variables of templates."""

    current_timestamp: VariableOut


class FilterOut(Out):
    """A filter of templates."""

    description: str
    value: str


class FiltersOut(Out):
    """The filters of templates beside Liquid's own."""

    cast: FilterOut
    regex_replace: FilterOut


class TemplateOut(Out):
    """The parts of a template."""

    variable: VariablesOut
    filter: FiltersOut


class MappingTypesOut(Out):
    """The types of mappings."""

    standard: Literal[""]
    static: StaticOut
    template: TemplateOut


class ServerMappingTypesOut(MappingTypesOut):
    """The types of mappings."""

    vector: Literal[""]


class ConfigurationsOut(Out):
    """The parts of a configuration."""

    catalog_mapping_types: MappingTypesOut


class ServerConfigurationsOut(Out):
    """The parts of a configuration."""

    catalog_mapping_types: ServerMappingTypesOut


class ConfigurationsDataOut(Out):
    """The parts of a configuration."""

    configurations: ConfigurationsOut


class ServerConfigurationsDataOut(Out):
    """The parts of a configuration."""

    configurations: ServerConfigurationsOut


class SyncConfigurationsOut(Out):
    """A constant: the parts that a sync's configuration may be made of."""

    model_config = exampled(
        {"data": {"configurations": {"catalog_mapping_types": mapping_types("docs")}}}
    )

    data: ConfigurationsDataOut


class ServerSyncConfigurationsOut(Out):
    """A constant: the parts that a sync's configuration may be made of."""

    data: ServerConfigurationsDataOut
