"""Distances on the earth, for filters of geo values (docs/vendors/braze.md#6-selections)."""

from collections.abc import Mapping, Sequence
from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS = 6371.0088  # kilometres


def distance(place: Sequence[float], circle: Mapping[str, float]) -> float:
    """Return the kilometres between a place and the centre of a circle (haversine).

    `place` is longitude and latitude in degrees; `circle` has both as keys.
    """
    longitude, latitude = map(radians, map(float, place))
    other_longitude, other_latitude = radians(circle["longitude"]), radians(circle["latitude"])
    across = sin((other_longitude - longitude) / 2) ** 2
    up = sin((other_latitude - latitude) / 2) ** 2
    chord = sqrt(up + cos(latitude) * cos(other_latitude) * across)
    return 2 * EARTH_RADIUS * asin(min(1.0, chord))
