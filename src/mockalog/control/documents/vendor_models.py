"""Wire models that are made from the vendors' declarations: settings and state documents."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from pydantic import Field, RootModel, create_model

from mockalog.control.calls.models import In, Out, absent
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
    """The model of a body, and of a response if it depends on the vendors too."""

    body: Any
    response: Any = None


def settings_models(options: SettingRegistry) -> Models:
    """Return the models of the settings: a body holds any of them, a response all of them."""
    described = options.described()
    body: Any = {
        name: (annotation, Field(default_factory=absent, description=text))
        for name, (annotation, text) in described.items()
    }
    response: Any = {
        name: (annotation, Field(description=text))
        for name, (annotation, text) in described.items()
    }
    return Models(
        create_model("SettingsIn", __base__=In, __doc__="The settings to change.", **body),
        create_model("SettingsOut", __base__=Out, __doc__="Every setting.", **response),
    )


def state_models(vendors: Iterable[Vendor]) -> Mapping[str, Models]:
    """Return the models of the bodies that are documents, by the names of their operations."""
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
    seed = create_model("SeedIn", __base__=one, __doc__="The contents to add.", tables=no_tables)
    seed.model_config["json_schema_extra"] = {"examples": [_SEED]}
    base = RootModel[one | server]  # type: ignore[valid-type]
    either = create_model("AnyStateIn", __base__=base)
    return {"replace_state": Models(either), "seed": Models(seed)}
