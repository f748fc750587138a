"""The pixels of all slices, decoded beside each other into one array."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

from inference.errors import InputUnreadable
from inference.volume.attributes import word
from inference.volume.frames import frame_reader, is_encapsulated, number_of_frames
from inference.volume.native import FrameReader
from inference.volume.padding import padding_mask
from inference.volume.pixel_format import pixel_format
from inference.volume.slices import Slice
from inference.volume.stored_instance import StoredInstance

LARGEST_VOXELS = 2**30
"""Four thousand slices of 512 x 512: 4 GiB of float32. Beyond it lies an attack or a fault."""

Voxels = npt.NDArray[np.float32]


def load_voxels(slices: Sequence[Slice]) -> Voxels:
    """(slices, rows, columns) float32 after the Modality LUT, in the MONOCHROME2 sense, in the order given.

    Padding gets the darkest value of the rest. What the headers say is held against the bytes before any room is
    made. Raises InputUnreadable, with the instance it is about.
    """
    instances = _instances(slices)
    readers = {instance.path: _reader(instance) for instance in instances}
    header = slices[0].instance.header
    expected = pixel_format(header)
    voxels = _room_for((len(slices), expected.rows, expected.columns))

    def load(index: int) -> bool:
        return _load(slices[index], readers[slices[index].instance.path], voxels[index])

    is_padded = _beside_each_other(load, len(slices), _threads(instances))
    if word(header, "PhotometricInterpretation") == "MONOCHROME1":
        np.subtract(np.nanmax(voxels) + np.nanmin(voxels), voxels, out=voxels)
    if any(is_padded):
        _darken(voxels, [index for index, padded in enumerate(is_padded) if padded])
    return voxels


def _instances(slices: Sequence[Slice]) -> list[StoredInstance]:
    return list({each.instance.path: each.instance for each in slices}.values())


def _reader(instance: StoredInstance) -> FrameReader:
    with _naming(instance):
        return frame_reader(instance, pixel_format(instance.header), number_of_frames(instance.header))


def _room_for(shape: tuple[int, int, int]) -> Voxels:
    said = " x ".join(map(str, shape))
    if np.prod(shape, dtype=object) > LARGEST_VOXELS:
        raise InputUnreadable(f"the series has {said} voxels, more than {LARGEST_VOXELS}")
    try:
        return np.empty(shape, np.float32)
    except MemoryError:
        raise InputUnreadable(f"there is not enough memory for {said} voxels") from None


def _threads(instances: Sequence[StoredInstance]) -> int:
    """One a core for decoders, which let go of the interpreter lock. Native pixels are only copied, in pieces so
    short that two threads hand the lock to and fro for a fifth more CPU, and are hardly sooner done."""
    return _cores() if any(is_encapsulated(each.transfer_syntax_uid) for each in instances) else 1


def _beside_each_other(load: Callable[[int], bool], count: int, threads: int) -> list[bool]:
    """``load`` of each index below ``count``."""
    results = [False] * count
    indices = iter(range(count))  # its next() is one step for all threads

    def work() -> None:
        try:
            for index in indices:
                results[index] = load(index)
        finally:
            deque(indices, maxlen=0)  # after an error the others have nothing more to do

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work) for _ in range(threads)]:
            done.result()
    return results


def _cores() -> int:
    """Those this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load(each: Slice, read: FrameReader, out: Voxels) -> bool:
    """Write one slice, with NaN where it is padding; whether there is any."""
    with _naming(each.instance):
        stored = read(each.frame_number)
        padding = padding_mask(stored, each.instance.header)
        each.modality_lut.apply(stored, out)
    if padding is None or not padding.any():
        return False
    out[padding] = np.nan
    return True


def _darken(voxels: Voxels, padded: Sequence[int]) -> None:
    darkest = np.fmin.reduce(voxels, axis=None)
    for index in padded:
        # A volume of nothing but padding becomes blank, and is called so by the gate.
        np.nan_to_num(voxels[index], copy=False, nan=0.0 if np.isnan(darkest) else darkest)


@contextmanager
def _naming(instance: StoredInstance) -> Iterator[None]:
    try:
        yield
    except InputUnreadable as error:
        raise InputUnreadable(f"instance {instance.sop_instance_uid}: {error}") from None
    except OSError as error:
        reason = f"its file cannot be read ({type(error).__name__})"
        raise InputUnreadable(f"instance {instance.sop_instance_uid}: {reason}") from None
