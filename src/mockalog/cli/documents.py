"""`mockalog openapi`: a document without a server."""

from typing import Annotated

import typer

from mockalog.cli.exits import BAD_USAGE, give_up
from mockalog.cli.output import Document, show
from mockalog.cli.target import local_settings


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(openapi)


def openapi(
    vendor: Annotated[
        str | None, typer.Argument(help="Whose document; by default the control plane's.")
    ] = None,
    dialect: Annotated[
        str, typer.Option(help="The dialect of the vendor; by default its usual one.")
    ] = "",
) -> None:
    """Print an OpenAPI document; its servers are those of the settings."""
    from mockalog.control.documents import CONTROL, Documents
    from mockalog.control.problems import Problem
    from mockalog.control.servers import absolute_servers
    from mockalog.kernel.sandboxes.settings import SettingRegistry
    from mockalog.vendors import VENDORS

    vendors = {vendor.name: vendor for vendor in VENDORS}
    if vendor is not None and vendor not in vendors:
        raise give_up(f"there is no vendor {vendor!r}; there is: {', '.join(vendors)}", BAD_USAGE)
    if vendor is None and dialect:
        raise give_up("--dialect goes with a vendor", BAD_USAGE)
    options = SettingRegistry({name: one.settings for name, one in vendors.items()})
    servers = absolute_servers(local_settings(), vendor)
    try:
        document = Documents(vendors, options).write(vendor or CONTROL, dialect, servers)
    except Problem as problem:
        raise give_up(problem.detail, BAD_USAGE) from None
    show(Document(document), as_json=False)
