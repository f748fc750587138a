"""Label maps into the frames of a segmentation: found on which slices, as bits, as compressed frames."""

from collections.abc import Iterable, Iterator, Sequence

import imagecodecs
import numpy as np
import numpy.typing as npt
from pydicom.encaps import encapsulate

from inference.encode.encoding import Encoding
from inference.encode.functional_groups import Frame

Labels = npt.NDArray[np.uint8]


def presence(labels: Labels, segments: int) -> npt.NDArray[np.bool_]:
    """(slices, segments): whether the k-th segment, which is k + 1 in the label map, has a voxel on the slice.

    Raises ValueError where a voxel has a number that no segment has.
    """
    found: npt.NDArray[np.bool_] = np.zeros((len(labels), 256), np.bool_)
    for index, plane in enumerate(labels):
        found[index, _values(plane)] = True
    strange = np.flatnonzero(found[:, segments + 1 :]) % (255 - segments) + segments + 1
    if strange.size:
        raise ValueError(
            f"the label map holds {strange.min()}, but there are {segments} segments: it was not made by this package"
        )
    return found[:, 1 : segments + 1]


def binary_frames(labels: Labels, frames: Sequence[Frame], values: Sequence[int]) -> Iterator[bytes]:
    """The bits of each frame, the first pixel in the lowest bit (PS3.5 8.1.1), without gaps between frames.

    ``values``: what stands in the label map for Segment Number 1, 2 …
    """
    # Eight frames of any size end on a byte.
    together = 1 if labels[0].size % 8 == 0 else 8
    for first in range(0, len(frames), together):
        masks = [labels[each.index] == values[(each.segment or 0) - 1] for each in frames[first:][:together]]
        yield np.packbits(np.stack(masks) if together > 1 else masks[0], bitorder="little").tobytes()


def label_frames(labels: Labels, frames: Iterable[Frame], values: Sequence[int]) -> Iterator[Labels]:
    """(rows, columns) of Segment Numbers for each frame; 0 where there is none of ``values``."""
    table = np.zeros(256, np.uint8)
    table[list(values)] = np.arange(1, len(values) + 1)
    for each in frames:
        yield table[labels[each.index]]


def compressed(frames: Iterable[Labels], encoding: Encoding) -> bytes:
    """The value of Pixel Data: an offset table and each frame in a fragment (PS3.5 A.4)."""
    encode = _rle if encoding.compression == "RLE" else _jpeg_ls
    pixels: bytes = encapsulate([encode(frame) for frame in frames])
    return pixels


def _values(plane: Labels) -> npt.NDArray[np.uint8]:
    """Which values there are; those at which a run begins are all of them."""
    flat = plane.reshape(-1)
    begins = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    return np.append(flat[begins], flat[0])


def _rle(frame: Labels) -> bytes:
    """One segment, each row packed by itself (PS3.5 G)."""
    rows = b"".join(bytes(imagecodecs.packbits_encode(row)) for row in np.ascontiguousarray(frame))
    header = np.zeros(16, "<u4")
    header[:2] = 1, header.nbytes
    return header.tobytes() + rows + b"\0" * (len(rows) % 2)


def _jpeg_ls(frame: Labels) -> bytes:
    return bytes(imagecodecs.jpegls_encode(np.ascontiguousarray(frame), level=0))
