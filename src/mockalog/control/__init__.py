"""The control plane under `/_mockalog`: how tests steer the emulator."""

from mockalog.control.app import Lifespan, create_control

__all__ = ["Lifespan", "create_control"]
