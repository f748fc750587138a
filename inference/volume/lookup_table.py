"""A Modality LUT that is a table, as some digitisers and ultrasound devices write it (PS3.3 C.11.1.1)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from inference.errors import InputUnreadable
from inference.volume.attributes import numbers, whole_number
from inference.volume.instance import DAMAGE


@dataclass(frozen=True, kw_only=True)
class LookupTable:
    """``entries[0]`` is for ``first`` and all below it, the last one for all that lie beyond."""

    first: int
    entries: npt.NDArray[np.float32]

    def look_up(self, stored: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """The entry of each stored value (integers of any shape)."""
        return self.entries[np.clip(stored.astype(np.int32) - self.first, 0, len(self.entries) - 1)]


def lookup_table_of(header: Dataset) -> LookupTable:
    """Read the one item of Modality LUT Sequence; raises InputUnreadable where it is none."""
    try:
        (item,) = header["ModalityLUTSequence"].value
        count, first, bits = (int(each) for each in numbers(item, "LUTDescriptor") or ())
        entries = _entries(item, bits)[: count or 2**16]  # 0 stands for 65536
        if len(entries) != (count or 2**16):
            raise ValueError("fewer entries than the descriptor says")
    except DAMAGE as error:
        raise InputUnreadable(f"the Modality LUT cannot be applied ({type(error).__name__})") from None
    # Which of US and SS the second number is goes by Pixel Representation.
    is_negative = first >= 2**15 and whole_number(header, "PixelRepresentation") == 1
    return LookupTable(first=first - 2**16 if is_negative else first, entries=entries)


def _entries(item: Dataset, bits: int) -> npt.NDArray[np.float32]:
    element = item.get_item("LUTData")
    value = None if element is None else element.value
    if not isinstance(value, bytes):
        return np.atleast_1d(np.array([] if value is None else value, np.float32))
    is_little = not isinstance(element, RawDataElement) or element.is_little_endian
    # Entries of 8 bits are each in a word of their own, or packed.
    count = int((numbers(item, "LUTDescriptor") or (0,))[0])
    kind = "u1" if bits == 8 and len(value) <= count + 1 else "<u2" if is_little else ">u2"
    return np.frombuffer(value, kind).astype(np.float32)
