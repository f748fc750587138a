"""The slice on which a segment is largest, and the line around it there: where a report points to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from highdicom import sr
from pydicom.dataset import Dataset

from inference.encode.region import Region, regions_of
from inference.volume.attributes import whole_number
from inference.volume.runs import Runs, runs_of_labels
from inference.volume.volume import Volume


@dataclass(frozen=True, kw_only=True)
class KeyImage:
    """``index``: of the slice, from 0. ``region``: the largest region of the segment on it."""

    index: int
    region: Region


def key_images(labels: npt.NDArray[np.uint8], segments: int) -> tuple[KeyImage | None, ...]:
    """For each segment of a (slices, rows, columns) label map; None where it is nowhere."""
    return tuple(
        _key_image(labels, number, runs)
        for number, runs in enumerate(runs_of_labels(labels, segments), start=1)
    )


def source_of(volume: Volume, index: int) -> Dataset:
    """The instance a slice is in."""
    return volume.sources[0 if len(volume.sources) == 1 else index]


def reference(volume: Volume, index: int) -> sr.SourceImageForRegion:
    """The image a region is drawn on: an instance, or one frame of it."""
    source = source_of(volume, index)
    return sr.SourceImageForRegion(
        referenced_sop_class_uid=str(source.SOPClassUID),
        referenced_sop_instance_uid=str(source.SOPInstanceUID),
        referenced_frame_numbers=[volume.frame_numbers[index]] if len(volume.sources) == 1 else None,
    )


def name_for_reader(volume: Volume, index: int) -> str:
    """How a viewer numbers the image: by its Instance Number, or its frame."""
    if len(volume.sources) == 1:
        return f"frame {volume.frame_numbers[index]}"
    numbers = _instance_numbers(volume.sources)
    if numbers is None:
        return f"image {index + 1} of {len(volume.sources)} by place"
    return f"image {numbers[index]}"


def _instance_numbers(sources: Sequence[Dataset]) -> list[int | None] | None:
    """None where they do not tell the images apart."""
    numbers = [whole_number(source, "InstanceNumber") for source in sources]
    return numbers if None not in numbers and len(set(numbers)) == len(numbers) else None


def _key_image(labels: npt.NDArray[np.uint8], number: int, runs: Runs) -> KeyImage | None:
    if not runs.voxels:
        return None
    index = int(np.argmax(np.bincount(runs.slices, weights=runs.length)))
    return KeyImage(index=index, region=regions_of((labels[index] == number).view(np.uint8))[0])
