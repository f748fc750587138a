"""One Segmentation instance (PS3.3 A.51), of whatever writer: which segments it holds, and where each frame lies."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.pixels.utils import pixel_array

from inference.errors import InputUnreadable, TrainingRefused
from inference.train.sources.instances import SEGMENTATIONS, Instance
from inference.volume.attributes import number, numbers, whole_number, word
from inference.volume.instance import read_instance
from inference.volume.pixels import DECODING

Plane = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a frame lies in the patient, in mm: its first pixel's centre, and the steps to the next row and column."""

    origin: npt.NDArray[np.float64]
    row: npt.NDArray[np.float64]
    column: npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The pixels of one segment on one frame. ``source_uids``: the instances that it was drawn on, as far
    as it says so."""

    segment: str
    marked: Plane
    place: Place | None
    source_uids: frozenset[str]


def segments_in(segmentation: Instance) -> dict[int, str]:
    """Segment Number to Segment Label. Raises TrainingRefused for a segment without a number."""
    labels: dict[int, str] = {}
    for item in _items(segmentation.header, "SegmentSequence"):
        segment = whole_number(item, "SegmentNumber")
        if segment is None:
            raise TrainingRefused(
                f"{_name(segmentation)} has a segment without a Segment Number; export it anew, or take it out"
            )
        labels[segment] = word(item, "SegmentLabel")
    return labels


def made_at(segmentation: Instance) -> str:
    """Content Date and Time, in the order of time."""
    return f"{word(segmentation.header, 'ContentDate')} {word(segmentation.header, 'ContentTime')}"


def sources_of(segmentation: Instance) -> frozenset[str]:
    """The SOP Instance UIDs of what it was drawn on, of all its frames; not of Segmentations that it replaces."""
    header = segmentation.header
    found = set(_referenced(header.get("SourceImageSequence")))
    for series in header.get("ReferencedSeriesSequence") or ():
        found.update(_referenced(series.get("ReferencedInstanceSequence")))
    for groups in (
        *_items(header, "SharedFunctionalGroupsSequence"),
        *_items(header, "PerFrameFunctionalGroupsSequence"),
    ):
        found.update(_derived_from(groups))
    return frozenset(found)


def read_frames(segmentation: Instance) -> Iterator[Frame]:
    """Every segment of every frame on which it is marked. Raises TrainingRefused where the pixels cannot be read."""
    header = segmentation.header
    labels, pixels = segments_in(segmentation), _pixels(segmentation)
    shared, own = _groups(header, len(pixels))
    of_all = sources_of(segmentation)
    only = of_all if len(of_all) == 1 else frozenset[str]()
    for plane, groups in zip(pixels, own, strict=True):
        place, uids = _place(groups, shared), frozenset((*_derived_from(groups), *_derived_from(shared)))
        for segment, marked in _marked(plane, groups, shared, header):
            if segment not in labels:
                raise TrainingRefused(
                    f"{_name(segmentation)} marks segment {segment}, which it does not describe"
                )
            yield Frame(segment=labels[segment], marked=marked, place=place, source_uids=uids or only)


def _marked(
    plane: npt.NDArray[np.integer], groups: Dataset, shared: Dataset, header: Dataset
) -> Iterator[tuple[int, Plane]]:
    """Segment Number and pixels: a LABELMAP has the number in the pixel, else it stands in the functional groups."""
    kind = word(header, "SegmentationType")
    if kind == "LABELMAP":
        for value in np.unique(plane[plane > 0]):
            yield int(value), plane == value
        return
    identification = _first(groups, shared, "SegmentIdentificationSequence")
    segment = 1 if identification is None else whole_number(identification, "ReferencedSegmentNumber")
    if segment is None:
        raise TrainingRefused(
            "a Segmentation has a frame without a Referenced Segment Number; export it anew"
        )
    least = (number(header, "MaximumFractionalValue") or 255) / 2 if kind == "FRACTIONAL" else 0.5
    yield segment, plane >= least


def _pixels(segmentation: Instance) -> npt.NDArray[np.integer]:
    """(frames, rows, columns)."""
    try:
        pixels = pixel_array(read_instance(segmentation.path), raw=True)
    except (InputUnreadable, *DECODING) as error:
        raise TrainingRefused(
            f"the pixels of {_name(segmentation)} cannot be read ({type(error).__name__}); export it anew"
        ) from None
    return pixels.reshape(-1, *pixels.shape[-2:])


def _groups(header: Dataset, frames: int) -> tuple[Dataset, tuple[Dataset, ...]]:
    shared = next(iter(_items(header, "SharedFunctionalGroupsSequence")), Dataset())
    own = tuple(_items(header, "PerFrameFunctionalGroupsSequence")) or (Dataset(),) * frames
    if len(own) != frames:
        raise TrainingRefused(
            f"a Segmentation has {frames} frames, but functional groups for {len(own)}; export it anew"
        )
    return shared, own


def _place(own: Dataset, shared: Dataset) -> Place | None:
    """None where the frame does not say: a projection has no place in the patient."""
    position, orientation, measures = (
        _first(own, shared, f"{keyword}Sequence")
        for keyword in ("PlanePosition", "PlaneOrientation", "PixelMeasures")
    )
    if position is None or orientation is None or measures is None:
        return None
    origin = numbers(position, "ImagePositionPatient")
    directions = numbers(orientation, "ImageOrientationPatient")
    spacing = numbers(measures, "PixelSpacing")
    if origin is None or directions is None or spacing is None:
        return None
    # PS3.3 C.7.6.2.1.1: the first three are the direction of a row, along which columns are counted.
    return Place(
        origin=np.array(origin),
        row=np.array(directions[3:]) * spacing[0],
        column=np.array(directions[:3]) * spacing[1],
    )


def _first(own: Dataset, shared: Dataset, keyword: str) -> Dataset | None:
    return next((item for groups in (own, shared) for item in _items(groups, keyword)), None)


def _derived_from(groups: Dataset) -> Iterator[str]:
    for derivation in _items(groups, "DerivationImageSequence"):
        yield from _referenced(derivation.get("SourceImageSequence"))


def _referenced(items: object) -> Iterator[str]:
    for item in items or ():  # type: ignore[attr-defined]
        if word(item, "ReferencedSOPClassUID") not in SEGMENTATIONS:
            yield word(item, "ReferencedSOPInstanceUID")


def _items(dataset: Dataset, keyword: str) -> tuple[Dataset, ...]:
    return tuple(dataset.get(keyword) or ())


def _name(segmentation: Instance) -> str:
    return f"Segmentation {segmentation.sop_instance_uid}"
