"""The measurement report (TID 1500, PS3.16) of a segmentation, as viewers draw it.

A viewer in wide use turns black where a finding lacks its SCOORD, so there is none without: each region of an image
is a TID 1410 group with a closed POLYLINE; each segment of a volume is a TID 1411 and a TID 1410 group with one
Tracking Unique Identifier.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from highdicom import sr
from pydicom.sr.codedict import codes

from inference.encode.analysed import Analysed, EncodedResult, Projection, Segmentation
from inference.encode.document import comments, kind_of_report, observer, procedure, write_document
from inference.encode.findings import confidence_in, measured_of
from inference.encode.image_library import image_library
from inference.encode.key_image import KeyImage, key_images, name_for_reader
from inference.encode.measurement_group import measurement_group
from inference.encode.region import regions_of
from inference.encode.volume_groups import Group, volume_groups
from inference.encode.wording import about_rule, about_segment, nothing_of, standing_remarks
from inference.encode.written import Written, instance_with
from inference.volume.spacing import explain
from inference.volume.volume import Volume


def encode_structured_report(analysed: Analysed, written: Sequence[Written] = ()) -> EncodedResult:
    """A report with every segment that was found; ``written`` are the SEG instances of a volume's segments.

    Raises ValueError where nothing was found: that is a report of another form.
    """
    keys = _key_images(analysed)
    report = sr.MeasurementReport(
        title=codes.cid7021.ImagingMeasurementReport,
        observation_context=observer(analysed),
        procedure_reported=procedure(analysed),
        imaging_measurements=list(_groups(analysed, keys, written)),
    )
    content = report[0].ContentSequence
    library = image_library(analysed, [key.index for key in keys if key is not None])
    if library is not None:
        content.insert(len(content) - 1, library)
    content.append(comments(list(_sentences(analysed, keys))))
    return write_document(analysed, report[0], written, kind=kind_of_report(written))


def _groups(
    analysed: Analysed, keys: Sequence[KeyImage | None], written: Sequence[Written]
) -> Iterator[Group]:
    for place, segment in enumerate(analysed.manifest.output.segment):
        if isinstance(analysed.source, Projection):
            regions = regions_of(_labels(analysed)[..., place])
            for number, region in enumerate(regions, start=1):
                yield measurement_group(analysed, segment, number, region, is_only=len(regions) == 1)
        elif isinstance(analysed.source, Volume):
            key, instance = keys[place], instance_with(segment.label, written)
            if key is not None and instance is not None:
                yield from volume_groups(analysed, analysed.source, segment, key, instance)


def _sentences(analysed: Analysed, keys: Sequence[KeyImage | None]) -> Iterator[str]:
    yield from standing_remarks(analysed)
    if isinstance(analysed.source, Projection) and analysed.manifest.output.measurement:
        yield explain(analysed.source.spacing)
    for place, segment in enumerate(analysed.manifest.output.segment):
        yield _about(analysed, segment.label, place, keys)
    yield from map(about_rule, analysed.firings)
    yield from analysed.remarks


def _about(analysed: Analysed, label: str, place: int, keys: Sequence[KeyImage | None]) -> str:
    where = None
    if isinstance(analysed.source, Volume):
        key = keys[place]
        is_found = key is not None
        where = name_for_reader(analysed.source, key.index) if key is not None else None
    else:
        is_found = bool(_labels(analysed)[..., place].any())
    if not is_found:
        return nothing_of(label)
    return about_segment(label, measured_of(analysed, label), confidence_in(analysed, label), where)


def _key_images(analysed: Analysed) -> tuple[KeyImage | None, ...]:
    if not isinstance(analysed.source, Volume):
        return ()
    return key_images(_labels(analysed), len(analysed.manifest.output.segment))


def _labels(analysed: Analysed) -> npt.NDArray[np.uint8]:
    if not isinstance(analysed.found, Segmentation):
        raise ValueError("a report of segments is written of a segmentation")
    return analysed.found.labels
