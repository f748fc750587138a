"""How many associations may be open: in all, from one address, by one modality, and none at a known one's cost.

A slot is taken when a connection speaks (its first byte) and given back when it ends. Every question takes
the same short time, however many connections there are.
"""

from collections import Counter
from collections.abc import Sequence
from threading import Lock
from typing import TypeVar

from dicom_node.scp.addresses import Address, plain_address
from dicom_node.scp.admission import Refusal, local_limit_exceeded
from dicom_node.scp.modalities import Modality, known_addresses
from dicom_node.settings import ScpSettings

Key = TypeVar("Key", Address, Modality)


class Slot:
    """The place of one connection among those that are open; ``free`` gives it back, once or more often."""

    def __init__(self, connections: "Connections", address: Address, *, is_known: bool) -> None:
        self.address = address
        self.is_known = is_known
        self.modality: Modality | None = None
        self.is_open = True
        self._connections = connections

    def assign(self, modality: Modality | None) -> Refusal | None:
        """Say whose it is, once the association request has come. A refused slot is still to be freed."""
        return self._connections.assign(self, modality)

    def free(self) -> None:
        """The connection has ended."""
        self._connections.free(self)


class Connections:
    """Gives out slots within the limits of ``settings``. Safe between threads."""

    def __init__(self, *, settings: ScpSettings, modalities: Sequence[Modality]) -> None:
        self._settings = settings
        self._known = known_addresses(modalities)
        self._lock = Lock()
        self._open = 0
        self._strangers = 0
        self._by_address: Counter[Address] = Counter()
        self._by_modality: Counter[Modality] = Counter()

    @property
    def open(self) -> int:
        """How many slots are taken."""
        return self._open

    def is_known(self, address: str) -> bool:
        """Whether a listed modality calls from there (with none listed: whether it is this machine)."""
        return plain_address(address) in self._known

    def know(self, modalities: Sequence[Modality]) -> None:
        """Take another list, as when host names were looked up again. Slots that are taken stay as they are."""
        self._known = known_addresses(modalities)

    def admit(self, address: str) -> Slot | Refusal:
        """A slot for a connection that speaks, or why there is none."""
        plain = plain_address(address)
        is_known = plain in self._known
        with self._lock:
            refusal = self._reason_to_refuse(plain, is_known=is_known)
            if refusal is not None:
                return refusal
            self._open += 1
            self._strangers += not is_known
            self._by_address[plain] += 1
            return Slot(self, plain, is_known=is_known)

    def assign(self, slot: Slot, modality: Modality | None) -> Refusal | None:
        """See ``Slot.assign``."""
        if modality is None:
            return None
        with self._lock:
            at_most = modality.associations_at_most
            if at_most is not None and self._by_modality[modality] >= at_most:
                return _limit(
                    f"has {at_most} associations open", "associations_at_most of its [[scp.modality]]"
                )
            if slot.is_open and slot.modality is None:
                slot.modality = modality
                self._by_modality[modality] += 1
        return None

    def free(self, slot: Slot) -> None:
        """See ``Slot.free``."""
        with self._lock:
            if not slot.is_open:
                return
            slot.is_open = False
            self._open -= 1
            self._strangers -= not slot.is_known
            _take_one(self._by_address, slot.address)
            if slot.modality is not None:
                _take_one(self._by_modality, slot.modality)

    def _reason_to_refuse(self, address: Address, *, is_known: bool) -> Refusal | None:
        limits = self._settings
        if self._by_address[address] >= limits.associations_per_address:
            return _limit(
                f"has {limits.associations_per_address} associations open from its address",
                "[scp] associations_per_address",
            )
        if self._open >= limits.associations_at_most:
            return _limit(f"came when {self._open} associations were open", "[scp] associations_at_most")
        if not is_known and self._strangers >= limits.associations_at_most - limits.associations_reserved:
            return _limit(
                f"is not known, and came when {self._strangers} associations of strangers were open",
                "[scp] associations_at_most",
            )
        return None


def _limit(sentence: str, key: str) -> Refusal:
    return local_limit_exceeded(
        f"{sentence}, which is the limit", f"It may try again. See why so many are open, or raise {key}."
    )


def _take_one(counter: Counter[Key], key: Key) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]
