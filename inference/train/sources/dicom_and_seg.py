"""DICOM images and the Segmentations that say what is where on them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inference.errors import TrainingRefused
from inference.package.declared import did_you_mean
from inference.train.case import Case, Labelled, Mask
from inference.train.sources.instances import (
    Instance,
    Source,
    case_of,
    find_instances,
    is_segmentation,
    read_field,
    sources_in,
)
from inference.train.sources.on_grid import mark_on_image, mark_on_volume
from inference.train.sources.segmentation import made_at, read_frames, segments_in, sources_of
from inference.train.sources.tables import DicomAndSeg
from inference.volume.attributes import word


def dicom_and_seg(table: DicomAndSeg, folder: Path) -> tuple[Case, ...]:
    """A case for every image or series that a Segmentation with one of the segments refers to.

    A segment that none of its Segmentations has is nowhere on it: our node writes none for what was not found. Raises
    TrainingRefused where a segment is in no Segmentation at all, where the image of one is missing or lies in another
    Frame of Reference, and where two say where the same segment is and [data] take does not say which to believe.
    """
    instances = find_instances(folder)
    segmentations = [instance for instance in instances if is_segmentation(instance)]
    _require_known_labels(table, segmentations, folder)
    drawn_on = _sources_by_instance(sources_in(instances, table.each))
    marked: dict[str, list[Instance]] = {}
    sources: dict[str, Source] = {}
    for segmentation in segmentations:
        if not set(segments_in(segmentation).values()) & set(table.segments):
            continue
        for source in _sources_of(segmentation, drawn_on):
            sources[source.uid] = source
            marked.setdefault(source.uid, []).append(segmentation)
    return tuple(_case(source, table, marked[uid]) for uid, source in sorted(sources.items()))


def _require_known_labels(table: DicomAndSeg, segmentations: Sequence[Instance], folder: Path) -> None:
    if not segmentations:
        raise TrainingRefused(
            f"there is no Segmentation (SEG) below {folder}; put them beside their images, or name the folder that "
            "holds both"
        )
    known = sorted({label for each in segmentations for label in segments_in(each).values()})
    for segment in table.segments:
        if segment not in known:
            raise TrainingRefused(
                f"no Segmentation has a segment '{segment}'; their Segment Labels are {', '.join(known) or 'none'}"
                f"{did_you_mean(segment, known)}"
            )


def _sources_by_instance(sources: Sequence[Source]) -> dict[str, Source]:
    return {instance.sop_instance_uid: source for source in sources for instance in source.instances}


def _sources_of(segmentation: Instance, drawn_on: Mapping[str, Source]) -> list[Source]:
    """Those that are here; of other instances that it names (a Segmentation that it replaces) nothing is asked."""
    found = {drawn_on[uid].uid: drawn_on[uid] for uid in sources_of(segmentation) if uid in drawn_on}
    if not found:
        raise TrainingRefused(
            f"the images of Segmentation {segmentation.sop_instance_uid} are not below the folder; add them, or take "
            "it out"
        )
    return list(found.values())


def _case(source: Source, table: DicomAndSeg, marked: Sequence[Instance]) -> Case:
    believed = _believed(marked, table, source.uid)
    if table.each == "series":
        _require_same_frame_of_reference(believed.values(), source)
    return case_of(source, table, partial(_read, source, table, believed))


def _believed(segmentations: Sequence[Instance], table: DicomAndSeg, uid: str) -> dict[str, Instance]:
    """For each segment the Segmentation that says where it is."""
    believed: dict[str, Instance] = {}
    for segment in table.segments:
        having = [each for each in segmentations if segment in segments_in(each).values()]
        having.sort(key=made_at)
        if len(having) > 1 and (table.take == "only" or made_at(having[-1]) == made_at(having[-2])):
            raise TrainingRefused(
                f"{len(having)} Segmentations say where '{segment}' is on {table.each} {uid}; keep one of them, or "
                'say take = "newest" in [data]'
            )
        if having:
            believed[segment] = having[-1]
    return believed


def _require_same_frame_of_reference(segmentations: Iterable[Instance], source: Source) -> None:
    """Positions in two frames say nothing of each other (PS3.3 C.7.4.1.1.1), though they may be the same numbers."""
    own = word(source.header, "FrameOfReferenceUID")
    for segmentation in segmentations:
        if own and word(segmentation.header, "FrameOfReferenceUID") not in ("", own):
            raise TrainingRefused(
                f"Segmentation {segmentation.sop_instance_uid} lies in another Frame of Reference than its series "
                f"{source.uid}; export it anew on that series, or take it out"
            )


def _read(source: Source, table: DicomAndSeg, believed: Mapping[str, Instance]) -> Labelled:
    field = read_field(source, table)
    mask = np.zeros((*field.values.shape, len(table.segments)), np.uint8)
    for segmentation in {each.sop_instance_uid: each for each in believed.values()}.values():
        wanted = {segment for segment, each in believed.items() if each is segmentation}
        for frame in read_frames(segmentation):
            if frame.segment in wanted:
                layer: npt.NDArray[np.uint8] = mask[..., table.segments.index(frame.segment)]
                if field.affine is None:
                    mark_on_image(layer, frame, source)
                else:
                    mark_on_volume(layer, frame, field.affine, source)
    return Labelled(field=field, truth=Mask(segments=mask))
