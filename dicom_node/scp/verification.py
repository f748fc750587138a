"""C-ECHO: the node is there (PS3.4 annex A)."""

from typing import Any

from dicom_node.scp.status import Status


def on_c_echo(_event: Any) -> int:
    """Handle pynetdicom's EVT_C_ECHO."""
    return Status.SUCCESS
