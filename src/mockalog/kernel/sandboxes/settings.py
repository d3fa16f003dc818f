"""Settings of a sandbox: their names, types and defaults.

A vendor declares its own in a Pydantic model; the registry gives them their dotted names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from mockalog.kernel.http.rate_limits import Mode
from mockalog.kernel.sandboxes.sandboxes import Sandbox


class VendorSettings(BaseModel):
    """Base of a vendor's settings: each field is one setting with its type and default."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class SharedSettings(VendorSettings):
    """The settings that every vendor has."""

    rate_limits: Mode = Field(
        "vendor", description="Limits as the vendor has them, a hundredth of them, or none."
    )


class InvalidSettingError(ValueError):
    """A setting that does not exist, or a value of the wrong type."""


@dataclass(frozen=True)
class _Setting:
    annotation: Any
    default: Any
    description: str | None = None

    @cached_property
    def adapter(self) -> TypeAdapter[object]:
        """The check of a value, made at first use: most starts need none."""
        return TypeAdapter(self.annotation)


class SettingRegistry:
    """All settings by dotted name: `rate_limits`, `squared.dialect` …"""

    def __init__(self, models: Mapping[str, type[VendorSettings]]) -> None:
        declared: dict[str, type[VendorSettings]] = {"": SharedSettings, **models}
        self._settings = {
            f"{prefix}.{name}" if prefix else name: _setting_of(model, name)
            for prefix, model in declared.items()
            for name in model.model_fields
        }

    def described(self) -> dict[str, tuple[object, str | None]]:
        """Return type and description of every setting, for the document."""
        return {name: (one.annotation, one.description) for name, one in self._settings.items()}

    def value(self, sandbox: Sandbox, name: str) -> object:
        """Return the value of a setting in a sandbox."""
        setting = self._settings[name]
        return sandbox.settings.get(name, setting.default)

    def values(self, sandbox: Sandbox) -> dict[str, object]:
        """Return the value of every setting in a sandbox."""
        return {name: self.value(sandbox, name) for name in self._settings}

    def checked(self, changes: Mapping[str, object]) -> dict[str, object]:
        """Return changed settings in their types; raises `InvalidSettingError`."""
        return {name: self._check(name, value) for name, value in changes.items()}

    def _check(self, name: str, value: Any) -> Any:
        if name not in self._settings:
            known = ", ".join(self._settings)
            raise InvalidSettingError(f"setting {name!r} does not exist; use one of: {known}")
        try:
            return self._settings[name].adapter.validate_python(value, strict=True)
        except ValidationError as error:
            raise InvalidSettingError(f"{name}: {error.errors()[0]['msg']}") from None


def _setting_of(model: type[VendorSettings], name: str) -> _Setting:
    info = model.model_fields[name]
    return _Setting(info.rebuild_annotation(), info.default, info.description)
