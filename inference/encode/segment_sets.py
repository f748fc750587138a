"""Which segments share one SEG instance.

Segments that overlap in one instance vanish in a widespread viewer, so they are kept apart; and where the pixels of
a frame are no multiple of eight, the frames of a BINARY instance after the first do not start on a byte, which some
servers cannot give out: there an image's segments get an instance each.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inference.encode.encoding import Encoding

Labels = npt.NDArray[np.uint8]
Sets = tuple[tuple[int, ...], ...]
"""The places of segments, from 0, set by set; a segment that was not found is in none."""


def sets_of_image(layers: Labels, encoding: Encoding) -> Sets:
    """Of (rows, columns, segments) layers of 0 and 1, each segment put into the first set where it has room."""
    rows, columns, segments = layers.shape
    found = [k for k in range(segments) if layers[..., k].any()]
    if encoding.form == "BINARY" and rows * columns % 8:
        return tuple((k,) for k in found)
    is_one_frame = encoding.form == "LABELMAP"
    taken: list[npt.NDArray[np.bool_]] = []
    sets: list[list[int]] = []
    for k in found:
        mask = layers[..., k] != 0
        place = _first_with_room(mask, taken, sets, None if is_one_frame else encoding.most_frames)
        if place == len(sets):
            sets.append([])
            taken.append(np.zeros_like(mask))
        sets[place].append(k)
        taken[place] |= mask
    return tuple(map(tuple, sets))


def sets_of_volume(present: npt.NDArray[np.bool_], encoding: Encoding) -> Sets:
    """Of a label map, whose segments cannot overlap: ``present`` (slices, segments) says where each is found."""
    sets: list[list[int]] = []
    for k in np.flatnonzero(present.any(axis=0)).tolist():
        if not sets or not _has_room(present[:, [*sets[-1], k]], encoding):
            sets.append([])
        sets[-1].append(k)
    return tuple(map(tuple, sets))


def _has_room(present: npt.NDArray[np.bool_], encoding: Encoding) -> bool:
    """A frame for each segment and slice; of a LABELMAP for each slice."""
    frames = present.any(axis=1) if encoding.form == "LABELMAP" else present
    return encoding.most_frames is None or int(frames.sum()) <= encoding.most_frames


def _first_with_room(
    mask: npt.NDArray[np.bool_],
    taken: Sequence[npt.NDArray[np.bool_]],
    sets: Sequence[Sequence[int]],
    most_frames: int | None,
) -> int:
    for place, (covered, members) in enumerate(zip(taken, sets, strict=True)):
        is_full = most_frames is not None and len(members) >= most_frames
        if not is_full and not (covered & mask).any():
            return place
    return len(sets)
