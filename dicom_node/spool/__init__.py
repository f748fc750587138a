"""The shelf: every instance and result as a PS3.10 file, durable before anybody is told it is there."""

from dicom_node.spool.disk import DiskSpool

__all__ = ["DiskSpool"]
