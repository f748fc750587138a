"""A series on disk -> a Volume: headers, place of the slices, pixels, in this order."""

import uuid
from collections.abc import Sequence
from pathlib import Path

from pydicom.dataset import Dataset

from inference.errors import InputUnreadable
from inference.volume.attributes import word
from inference.volume.instance import read_instance
from inference.volume.one_series import require_one_series
from inference.volume.slices import Slice, slices_of
from inference.volume.stack import stack
from inference.volume.stored_instance import open_instance
from inference.volume.volume import Volume
from inference.volume.voxels import load_voxels


def read_volume(paths: Sequence[Path]) -> Volume:
    """Read the instances of one series, in any order, or one enhanced multi-frame instance.

    Raises GeometryRefused where they are whole but make no volume (a gap, a scout among them …), before a
    pixel is read; InputUnreadable where one is damaged, cut off, or says what its bytes belie.
    """
    if not paths:
        raise InputUnreadable("there is no instance to read")
    instances = [open_instance(path) for path in paths]
    require_one_series([instance.header for instance in instances])
    slices = slices_of(instances)
    stacked = stack([each.plane for each in slices])
    ordered = [slices[index] for index in stacked.order]
    sources = _sources(ordered)
    frame_of_reference_uid, notes = _make_frame_of_reference_one(sources)
    return Volume(
        voxels=load_voxels(ordered),
        affine=stacked.affine,
        sources=sources,
        frame_numbers=tuple(each.frame_number for each in ordered),
        frame_of_reference_uid=frame_of_reference_uid,
        notes=notes,
    )


def _sources(ordered: Sequence[Slice]) -> tuple[Dataset, ...]:
    first = ordered[0].instance
    whole = read_instance(first.path, without_pixels=True)
    if ordered[-1].instance is first:
        return (whole,)
    return (whole, *(each.instance.header for each in ordered[1:]))


def _make_frame_of_reference_one(sources: Sequence[Dataset]) -> tuple[str, tuple[str, ...]]:
    """Some archives give each slice a Frame of Reference UID of its own, some take it away."""
    found = {word(source, "FrameOfReferenceUID") for source in sources}
    uid = word(sources[0], "FrameOfReferenceUID") or _derived_from(sources[0])
    for source in sources if len(found) > 1 or uid not in found else ():
        source.FrameOfReferenceUID = uid
    return uid, _notes(found)


def _derived_from(source: Dataset) -> str:
    name = f"frame of reference of {word(source, 'SeriesInstanceUID')}"
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, name).int}"


def _notes(found: set[str]) -> tuple[str, ...]:
    if found == {""}:
        return ("The images have no Frame of Reference UID; the results were given one.",)
    if len(found) > 1:
        return (
            f"The images have {len(found)} different Frames of Reference; since they make one even stack, they "
            "were taken as one.",
        )
    return ()
