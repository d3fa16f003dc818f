"""The queries of feedback: pages and periods.

Source: docs/vendors/attraqt.md#9-feedback.
"""

from pydantic import Field

from mockalog.vendors.attraqt.rules.feedback import MAX_SIZE
from mockalog.vendors.attraqt.rules.timestamps import UNITS
from mockalog.vendors.attraqt.schemas.base import ISO_8601, Number, TenancyIn, any_case

_UNIT = any_case(*UNITS, *(f"{unit}S" for unit in UNITS))


class PageIn(TenancyIn):
    """A part of a list."""

    from_: Number = Field(0, alias="from", description="The number of entries to skip.")
    size: int = Field(MAX_SIZE, ge=1, le=MAX_SIZE, description="The most entries to list.")


class RelativeIn(TenancyIn):
    """A period that ends now; without value and unit it has no beginning. Both or neither."""

    last_period_value: Number = Field(
        default_factory=int,
        description="The length of the period, in `lastPeriodUnit`.",
        examples=[24],
    )
    last_period_unit: str = Field(
        default_factory=str,
        pattern=_UNIT,
        description=f"One of {', '.join(UNITS)}, in any case, singular or plural.",
        examples=["HOUR"],
    )


class AbsoluteIn(TenancyIn):
    """A period between two instants, both included; an absent or empty one bounds nothing."""

    start_time: str = Field(
        "", pattern=ISO_8601, description="ISO 8601.", examples=["2025-03-01T09:00:00Z"]
    )
    end_time: str = Field(
        "", pattern=ISO_8601, description="ISO 8601.", examples=["2025-03-02T09:00:00Z"]
    )


class DurationIn(TenancyIn):
    """Parameters whose meaning no source tells: they change nothing."""

    duration_value: str = Field("", description="Ignored.")
    duration_unit: str = Field("", description="Ignored.")


class RelativeStateIn(DurationIn, RelativeIn):
    """A period that ends now, and a duration that is ignored."""


class AbsoluteStateIn(DurationIn, AbsoluteIn):
    """A period, and a duration that is ignored."""


class RelativePageIn(RelativeIn, PageIn):
    """A part of the updates of a period that ends now."""


class AbsolutePageIn(AbsoluteIn, PageIn):
    """A part of the updates of a period."""
