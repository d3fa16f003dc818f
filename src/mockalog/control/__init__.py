"""The control plane under `/_mockalog`: how tests steer the emulator."""

from mockalog.control.app import create_control

__all__ = ["create_control"]
