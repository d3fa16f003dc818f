"""Settings of a sandbox, or of the whole server.

The models of the settings are made from the registry, with the document: see `documents`.
"""

from typing import Any

from mockalog.control.call import ControlCall
from mockalog.control.keys import KEYS
from mockalog.control.route import ControlRouter
from mockalog.control.schemas.headers import SandboxHeaders
from mockalog.kernel.database.models import TEMPLATE

router = ControlRouter(tag="Settings", key=KEYS, headers=SandboxHeaders)


@router.get("/settings", responses={200: dict[str, Any]})
async def get_settings(call: ControlCall) -> dict[str, Any]:
    """Return every setting; without a sandbox, what new ones start with."""
    return call.runtime.setting_registry.values(await call.sandbox_or_template())


@router.patch(
    "/settings", body=dict[str, Any], responses={200: dict[str, Any]}, errors=("wrong-type",)
)
async def update_settings(call: ControlCall) -> dict[str, Any]:
    """Change settings; without a sandbox, those of every sandbox and of new ones."""
    runtime = call.runtime
    checked = runtime.setting_registry.checked(call.body)
    found = await call.targets()
    async with runtime.database.transaction() as connection:
        for target in found:
            await runtime.sandboxes.change_settings(connection, target, checked)
    name = TEMPLATE if call.sandbox is None else call.sandbox.name
    return runtime.setting_registry.values(await runtime.sandboxes.open(name))
