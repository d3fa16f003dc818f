"""The handle of Braze."""

from mockalog.testing.controls.serialization import JsonObject
from mockalog.testing.handles.handle import Handle, path_segment


class BrazeHandle(Handle):
    """Braze in a sandbox."""

    vendor = "braze"

    @property
    def api_key(self) -> str:
        """The REST API key: Braze's name for the token."""
        return self.token

    def selected(self, catalog: str, selection: str) -> list[JsonObject]:
        """Return the present items of a selection, in the order that a campaign gets.

        Raises `RefusedError`, with Braze's error, if the catalog or the selection does not exist.
        """
        __tracebackhide__ = True
        path = f"/braze/selections/{path_segment(catalog)}/{path_segment(selection)}/items"
        return self.control.list(path, "items")

    def mark_field(self, catalog: str, field: str, **marks: bool) -> JsonObject:
        """Mark a field as the dashboard does, with `is_inventory` or `is_price`; return it."""
        __tracebackhide__ = True
        path = f"/braze/catalogs/{path_segment(catalog)}/fields/{path_segment(field)}"
        return dict(self.control.call("PATCH", path, json=marks))
