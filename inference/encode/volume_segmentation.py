"""Segmentation instances of a volume (PS3.3 A.51): one frame for each segment and slice, or of all at once.

highdicom writes the header, from a mask of one pixel; frames and what describes each are written here, since there
are thousands. The outcome equals highdicom's, attribute by attribute.
"""

from collections.abc import Sequence

import highdicom as hd
import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage
from pydicom.valuerep import DS

from inference.encode.analysed import Analysed, EncodedResult
from inference.encode.encoding import Encoding
from inference.encode.frames import binary_frames, compressed, label_frames, presence
from inference.encode.functional_groups import Frame, per_frame_groups, source_references
from inference.encode.instance_file import PixelData, write_file
from inference.encode.place import Place, place_of
from inference.encode.seg_header import Described, describe_sets, finish_segmentation
from inference.encode.segment_sets import sets_of_volume
from inference.encode.source import clean_header
from inference.encode.written import Written
from inference.package.output import Segment
from inference.volume.volume import Volume

Labels = npt.NDArray[np.uint8]
Present = npt.NDArray[np.bool_]


def encode_volume_segments(
    analysed: Analysed, volume: Volume, segments: Sequence[Segment], labels: Labels, encoding: Encoding
) -> list[Written]:
    """``labels`` (slices, rows, columns): 0 background, k the k-th of ``segments``, on the volume's grid.

    Raises ValueError where a voxel has a number that no segment has, or the grids differ.
    """
    if labels.shape != volume.voxels.shape:
        raise ValueError(f"the labels are {labels.shape}, the volume {volume.voxels.shape}")
    present, place = presence(labels, len(segments)), place_of(volume)
    sets = sets_of_volume(present, encoding)
    return [
        _encode(described, volume, place, frames_of(present[:, described.places], encoding), labels)
        for described in describe_sets(analysed, segments, sets, encoding)
    ]


def frames_of(present: Present, encoding: Encoding) -> list[Frame]:
    """The frames that are not empty: segment by segment, each from the last slice to the first, as highdicom does."""
    if encoding.form == "LABELMAP":
        return [Frame(index=int(index), segment=None) for index in np.flatnonzero(present.any(axis=1))[::-1]]
    return [
        Frame(index=int(index), segment=number)
        for number, column in enumerate(present.T, start=1)
        for index in np.flatnonzero(column)[::-1]
    ]


def _encode(
    described: Described, volume: Volume, place: Place, frames: Sequence[Frame], labels: Labels
) -> Written:
    header = _header(described, volume, place, frames)
    segments = len(described.segments) if described.encoding.form == "BINARY" else 1
    encoded = source_references(volume.sources, described.replaced)
    groups = per_frame_groups(frames, volume, place, segments=segments)
    encoded["PerFrameFunctionalGroupsSequence"] = groups
    values = [k + 1 for k in described.places]
    content = write_file(header, encoded, _pixel_data(described.encoding, labels, frames, values))
    result = EncodedResult(
        kind="SEG",
        sop_class_uid=str(header.SOPClassUID),
        sop_instance_uid=str(header.SOPInstanceUID),
        series_instance_uid=str(header.SeriesInstanceUID),
        content=content,
        frames=len(frames),
    )
    return Written(result=result, numbers=described.numbers)


def _header(
    described: Described, volume: Volume, place: Place, frames: Sequence[Frame]
) -> hd.seg.Segmentation:
    result = hd.seg.Segmentation(
        source_images=[stand_in(described.analysed, volume, place)],
        pixel_array=np.ones((1, 1, 1), np.uint8),
        **geometry(place),
        **described.attributes(),
    )
    finish_segmentation(result, described)
    result.file_meta.TransferSyntaxUID = described.encoding.transfer_syntax_uid
    measures = result.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    # From one slice highdicom cannot know it, and says 1.
    measures.SpacingBetweenSlices = DS(place.between_slices_mm, auto_format=True)
    result.Rows, result.Columns = volume.voxels.shape[1:]
    result.NumberOfFrames = len(frames)
    result.PositionReferenceIndicator = described.analysed.header.get("PositionReferenceIndicator")
    is_one_stack = described.encoding.form == "LABELMAP" or len(described.segments) == 1
    if is_one_stack and _is_even(frames) and not place.is_tilted:
        result.DimensionOrganizationType = "3D"
    for keyword in ("PixelData", "PerFrameFunctionalGroupsSequence"):
        del result[keyword]
    return result


def stand_in(analysed: Analysed, volume: Volume, place: Place) -> Dataset:
    """A single slice in place of all: highdicom would read each of hundreds."""
    header = clean_header(analysed)
    header.SOPClassUID, header.FrameOfReferenceUID = CTImageStorage, volume.frame_of_reference_uid
    header.ImagePositionPatient = list(place.positions[0])
    header.ImageOrientationPatient = list(place.orientation)
    header.PixelSpacing, header.SliceThickness = list(place.pixel_spacing), place.slice_thickness_mm
    return header


def geometry(place: Place) -> dict[str, object]:
    """Plane Orientation, Pixel Measures and the first Plane Position, as highdicom takes them."""
    patient = hd.CoordinateSystemNames.PATIENT
    return {
        "plane_positions": [hd.PlanePositionSequence(patient, place.positions[0])],
        "plane_orientation": hd.PlaneOrientationSequence(patient, place.orientation),
        "pixel_measures": hd.PixelMeasuresSequence(
            pixel_spacing=place.pixel_spacing,
            slice_thickness=place.slice_thickness_mm,
        ),
    }


def _is_even(frames: Sequence[Frame]) -> bool:
    steps = np.diff([frame.index for frame in frames])
    return len(steps) > 0 and bool((steps == steps[0]).all())


def _pixel_data(
    encoding: Encoding, labels: Labels, frames: Sequence[Frame], values: Sequence[int]
) -> PixelData:
    pixels = len(frames) * labels[0].size
    if encoding.form == "BINARY":
        return PixelData(length=-(-pixels // 8), parts=binary_frames(labels, frames, values))
    numbers = label_frames(labels, frames, values)
    if encoding.compression in ("RLE", "JPEG-LS"):
        return PixelData(length=None, parts=[compressed(numbers, encoding)])
    return PixelData(length=pixels, parts=(each.tobytes() for each in numbers))
