"""Models that are made of what the vendors declare: settings, and the sections of a document."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from pydantic import Field, RootModel, create_model

from mockalog.control.schemas.wire import In, Out, absent
from mockalog.kernel.documents.seeds import Section
from mockalog.kernel.documents.table_dumps import Rows
from mockalog.kernel.sandboxes.settings import SettingRegistry
from mockalog.kernel.state.schema import document_of
from mockalog.kernel.vendor.vendor import Vendor

_SEED: dict[str, Any] = {
    "mockalog": 1,
    "settings": {"rate_limits": "off"},
    "braze": {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]},
}


class Models(NamedTuple):
    """A body and, for settings, the answer."""

    taken: Any
    answered: Any = None


def settings_models(options: SettingRegistry) -> Models:
    """Return the models of the settings: all of them answered, any of them changed."""
    described = options.described()
    taken: Any = {
        name: (annotation, Field(default_factory=absent, description=text))
        for name, (annotation, text) in described.items()
    }
    answered: Any = {
        name: (annotation, Field(description=text))
        for name, (annotation, text) in described.items()
    }
    return Models(
        create_model("SettingsIn", __base__=In, __doc__="The settings to change.", **taken),
        create_model("SettingsOut", __base__=Out, __doc__="Every setting.", **answered),
    )


def state_models(vendors: Iterable[Vendor]) -> Mapping[str, Models]:
    """Return the models of the bodies of the calls that take documents."""
    sections = tuple((vendor.name, vendor.api.seed()) for vendor in vendors)
    document: Any = document_of(sections)
    version: Any = (Literal[1], Field(description="The version of the format."))
    one = create_model(
        "StateIn", __base__=document, __doc__="The state of one sandbox.", mockalog=version
    )
    fields: Any = {"mockalog": version, "sandboxes": (dict[str, document], ...)}
    server = create_model(
        "ServerStateIn", __base__=Section, __doc__="The state of the whole server.", **fields
    )
    no_tables: Any = (dict[str, Rows], Field({}, max_length=0))
    seed = create_model("SeedIn", __base__=one, __doc__="What to add.", tables=no_tables)
    seed.model_config["json_schema_extra"] = {"examples": [_SEED]}
    either = create_model("AnyStateIn", __base__=RootModel[one | server])  # type: ignore[valid-type]
    return {"replace_state": Models(either), "seed": Models(seed)}
