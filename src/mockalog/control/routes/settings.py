"""The settings of a sandbox, or of the whole server.

Their models are made from the registry of settings, together with the document.
"""

from typing import Any

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.models import SandboxHeaders
from mockalog.control.calls.route import ControlRouter
from mockalog.kernel.database.models import TEMPLATE

router = ControlRouter(tag="Settings", key=KEYS, headers=SandboxHeaders)


@router.get("/settings", responses={200: dict[str, Any]})
async def get_settings(call: ControlCall) -> dict[str, object]:
    """Return every setting; without a sandbox, the settings of new sandboxes."""
    return call.runtime.setting_registry.values(await call.sandbox_or_template())


@router.patch(
    "/settings", body=dict[str, Any], responses={200: dict[str, Any]}, errors=("wrong-type",)
)
async def update_settings(call: ControlCall) -> dict[str, object]:
    """Change settings; without a sandbox, those of every sandbox and of new ones."""
    runtime = call.runtime
    checked = runtime.setting_registry.checked(call.body)
    for part in call.parts(await call.targets()):
        async with call.writing() as connection:
            for sandbox in part:
                await runtime.sandboxes.change_settings(connection, sandbox, checked)
    name = TEMPLATE if call.sandbox is None else call.sandbox.name
    return runtime.setting_registry.values(await runtime.sandboxes.open(name))
