"""The slices of a series, each with its place and with what its stored values mean.

A slice is a single-frame instance, or a frame of an enhanced multi-frame one (PS3.3 C.7.6.16), whose functional
groups say for each frame, or once for all, what a single-frame header says at its top.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pydicom.dataset import Dataset

from inference.errors import GeometryRefused, InputUnreadable
from inference.volume.frames import number_of_frames
from inference.volume.instance import DAMAGE
from inference.volume.modality_lut import ModalityLut, modality_lut_of
from inference.volume.plane import Plane, plane_of
from inference.volume.stored_instance import StoredInstance


@dataclass(frozen=True, kw_only=True)
class Slice:
    """``frame_number`` counts from 1."""

    instance: StoredInstance
    frame_number: int
    plane: Plane
    modality_lut: ModalityLut


def slices_of(instances: Sequence[StoredInstance]) -> list[Slice]:
    """In the order given. Raises GeometryRefused where one has no place, InputUnreadable where one is damaged."""
    multi_frame = [instance for instance in instances if number_of_frames(instance.header) > 1]
    if not multi_frame and not _has_functional_groups(instances[0]):
        return [_slice(instance) for instance in instances]
    if len(instances) > 1:
        raise GeometryRefused(
            f"the series holds {len(instances)} instances, {len(multi_frame)} of them multi-frame; a volume is "
            "made of one multi-frame instance, or of single frames. Send each as a series of its own"
        )
    return _frames(instances[0])


def _slice(instance: StoredInstance) -> Slice:
    header = instance.header
    return Slice(
        instance=instance,
        frame_number=1,
        plane=plane_of(header, header, header),
        modality_lut=modality_lut_of(header),
    )


def _has_functional_groups(instance: StoredInstance) -> bool:
    return "PerFrameFunctionalGroupsSequence" in instance.header


def _frames(instance: StoredInstance) -> list[Slice]:
    frames = number_of_frames(instance.header)
    if not _has_functional_groups(instance):
        raise GeometryRefused(
            f"the instance has {frames} frames but no functional groups: where its frames lie is not known. "
            "Send single frames or an enhanced multi-frame instance"
        )
    try:
        shared = list(instance.header.get("SharedFunctionalGroupsSequence") or [Dataset()])
        per_frame = list(instance.header.PerFrameFunctionalGroupsSequence or [])
        if len(per_frame) != frames or len(shared) != 1:
            raise InputUnreadable(
                f"the instance says {frames} frames, its functional groups {len(per_frame)}"
            )
        return [_frame(instance, number, each, shared[0]) for number, each in enumerate(per_frame, 1)]
    except DAMAGE as error:
        raise InputUnreadable(f"the functional groups are damaged ({type(error).__name__})") from None


def _frame(instance: StoredInstance, number: int, own: Dataset, shared: Dataset) -> Slice:
    def group(keyword: str) -> Dataset | None:
        items = own.get(keyword) or shared.get(keyword)
        return items[0] if items else None

    return Slice(
        instance=instance,
        frame_number=number,
        plane=plane_of(
            group("PlanePositionSequence") or Dataset(),
            group("PlaneOrientationSequence") or Dataset(),
            group("PixelMeasuresSequence") or Dataset(),
        ),
        modality_lut=modality_lut_of(group("PixelValueTransformationSequence") or instance.header),
    )
