"""The parts of the OpenAPI document that no route declares."""

from mockalog.kernel.vendor import Documentation

DOCUMENTATION = Documentation(description="", tags={}, errors={}, common=lambda route: ())
