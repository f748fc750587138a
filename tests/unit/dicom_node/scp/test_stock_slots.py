import gc
import threading
import weakref
from types import SimpleNamespace

from dicom_node.scp.admission import Refusal
from dicom_node.scp.connections import Connections, Slot
from dicom_node.scp.stock_slots import StockSlots
from dicom_node.settings import ScpSettings


class Association(threading.Thread):
    """A thread that runs until ``end``, with an address."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self._is_over = threading.Event()
        super().__init__(target=self._is_over.wait, daemon=True)
        self.requestor = SimpleNamespace(address=address)
        self.start()

    def end(self) -> None:
        self._is_over.set()
        self.join(5)


def _connections(**limits: int) -> Connections:
    return Connections(settings=ScpSettings(**limits), modalities=())


def test_each_association_has_a_slot_until_its_thread_ends() -> None:
    connections = _connections(associations_per_address=2)
    slots, running = StockSlots(connections), [Association() for _ in range(2)]
    assert [type(slots.admit(each)) for each in running] == [Slot, Slot]
    third = Association()
    refusal = slots.admit(third)
    assert isinstance(refusal, Refusal)
    assert (refusal.result, refusal.source, refusal.reason) == (2, 3, 2)
    running[0].end()
    assert isinstance(slots.admit(third), Slot)
    assert connections.open == 2
    for each in (third, running[1]):
        each.end()


def test_an_association_that_ended_is_not_held_by_its_slot() -> None:
    connections = _connections(associations_per_address=1)
    slots, first = StockSlots(connections), Association()
    slots.admit(first)
    held = weakref.ref(first)
    first.end()
    del first
    gc.collect()
    assert held() is None
    second = Association()
    assert isinstance(slots.admit(second), Slot)
    second.end()


def test_who_is_refused_holds_none() -> None:
    connections = _connections(associations_at_most=1, associations_reserved=0)
    slots, first = StockSlots(connections), Association()
    slots.admit(first)
    refused = [Association("10.0.0.7") for _ in range(5)]
    assert all(isinstance(slots.admit(each), Refusal) for each in refused)
    first.end()
    assert isinstance(slots.admit(refused[0]), Slot)
    assert connections.open == 1
    for each in refused:
        each.end()
