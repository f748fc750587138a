"""Slots for associations of plain pynetdicom: it takes none itself, and tells nobody for certain when one ends."""

from threading import Lock, Thread
from typing import Any
from weakref import ref

from dicom_node.scp.admission import Refusal
from dicom_node.scp.connections import Connections, Slot


class StockSlots:
    """An association is a thread: its slot is free again when that has ended. Safe between threads.

    A slot is asked for when the association request has come whole: who is silent or slow holds none, and
    counts for pynetdicom's own limit alone.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._lock = Lock()
        self._taken: list[tuple[ref[Thread], Slot]] = []  # an association that ended may hold much memory

    def admit(self, association: Any) -> Slot | Refusal:
        """A slot for an association that asks, or why there is none."""
        with self._lock:
            self._free_the_ended()
            slot = self._connections.admit(association.requestor.address)
            if isinstance(slot, Slot):
                self._taken.append((ref(association), slot))
            return slot

    def _free_the_ended(self) -> None:
        taken, self._taken = self._taken, []
        for association, slot in taken:
            thread = association()
            if thread is None or not thread.is_alive():
                slot.free()
            else:
                self._taken.append((association, slot))
