"""The settings of a sandbox: what exists, what it may be, and what it is if nobody says.

A vendor declares its own in a Pydantic model; here they get their dotted names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from mockalog.kernel.http.rate_limits import Mode
from mockalog.kernel.sandboxes.sandboxes import Sandbox


class VendorSettings(BaseModel):
    """Base of a vendor's settings; each field is one, with type and default."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class SharedSettings(VendorSettings):
    """What may be set for every vendor alike."""

    rate_limits: Mode = Field(
        "vendor", description="Limits as the vendor has them, a hundredth of them, or none."
    )


class InvalidSettingError(ValueError):
    """A setting that does not exist, or a value that it cannot take."""


@dataclass(frozen=True)
class _Option:
    annotation: Any
    default: Any
    description: str | None = None

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """What checks a value; made when somebody sets the option, for most starts nobody does."""
        return TypeAdapter(self.annotation)


class SettingRegistry:
    """Every setting by its dotted name: `rate_limits`, `squared.dialect` …"""

    def __init__(self, models: Mapping[str, type[VendorSettings]]) -> None:
        declared: dict[str, type[VendorSettings]] = {"": SharedSettings, **models}
        self._options = {
            f"{prefix}.{name}" if prefix else name: _option(model, name)
            for prefix, model in declared.items()
            for name in model.model_fields
        }

    def described(self) -> dict[str, tuple[Any, str | None]]:
        """Return the type and the meaning of every setting, for the document."""
        return {name: (one.annotation, one.description) for name, one in self._options.items()}

    def value(self, sandbox: Sandbox, name: str) -> Any:
        """Return what the setting is in a sandbox."""
        option = self._options[name]
        return sandbox.settings.get(name, option.default)

    def values(self, sandbox: Sandbox) -> dict[str, Any]:
        """Return every setting as it is in a sandbox."""
        return {name: self.value(sandbox, name) for name in self._options}

    def checked(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return the changes in their proper types; raises `InvalidSettingError`."""
        return {name: self._check(name, value) for name, value in changes.items()}

    def _check(self, name: str, value: Any) -> Any:
        if name not in self._options:
            known = ", ".join(self._options)
            raise InvalidSettingError(f"there is no setting {name!r}; there are: {known}")
        try:
            return self._options[name].adapter.validate_python(value, strict=True)
        except ValidationError as error:
            raise InvalidSettingError(f"{name}: {error.errors()[0]['msg']}") from None


def _option(model: type[VendorSettings], name: str) -> _Option:
    info = model.model_fields[name]
    return _Option(info.rebuild_annotation(), info.default, info.description)
