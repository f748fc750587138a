"""The probabilities of one segment in every voxel of a volume, as a Parametric Map (PS3.3 A.75).

Stored as they are, as 32-bit floats, each slice a frame; slices in which nothing is probable are there as well, since
that is what a map is asked for.
"""

from collections.abc import Iterable
from typing import Any

import highdicom as hd
import numpy as np
import numpy.typing as npt
from highdicom.pm import ParametricMap, RealWorldValueMapping
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items
from pydicom.sr.codedict import codes
from pydicom.valuerep import DS

from inference.encode.analysed import Analysed, EncodedResult, Kind
from inference.encode.clock import stamp
from inference.encode.code import code
from inference.encode.equipment import LONG_STRING, contributing_equipment, equipment
from inference.encode.functional_groups import source_references
from inference.encode.identity import identity_of
from inference.encode.instance_file import write_file
from inference.encode.place import Place, place_of
from inference.encode.references import coded
from inference.encode.series import series_attributes
from inference.encode.source import finish
from inference.encode.volume_segmentation import geometry, stand_in
from inference.package.output import Segment
from inference.volume.volume import Volume

KIND: Kind = "PM"
PLACE = 51
_LABEL = 16
"""SH, of LUT Label."""


def encode_probability_maps(analysed: Analysed) -> tuple[EncodedResult, ...]:
    """One instance for each segment of the manifest, found or not.

    Raises ValueError where the probabilities are not on the grid of the volume.
    """
    volume, segments = analysed.source, analysed.manifest.output.segment
    if not isinstance(volume, Volume) or analysed.probabilities is None:
        raise ValueError("probabilities are written of a volume, and where they were kept")
    wanted = (len(segments), *volume.voxels.shape)
    if analysed.probabilities.shape != wanted:
        raise ValueError(f"the probabilities are {analysed.probabilities.shape}, not {wanted}")
    place = place_of(volume)
    return tuple(
        _encode(analysed, volume, place, segment, analysed.probabilities[number], number)
        for number, segment in enumerate(segments)
    )


def _encode(
    analysed: Analysed,
    volume: Volume,
    place: Place,
    segment: Segment,
    values: npt.NDArray[np.float32],
    number: int,
) -> EncodedResult:
    identity, kind = identity_of(analysed), f"{KIND} {segment.label}"
    result = ParametricMap(
        source_images=[stand_in(analysed, volume, place)],
        pixel_array=np.ascontiguousarray(values, np.float32),
        real_world_value_mappings=[_mapping(segment)],
        contains_recognizable_visual_features=False,
        voi_lut_transformations=[hd.VOILUTTransformation(window_center=0.5, window_width=1.0)],
        series_instance_uid=identity.series_instance_uid(kind),
        sop_instance_uid=identity.sop_instance_uid(kind),
        content_label="PROBABILITY",
        content_description=segment.label[:LONG_STRING],
        specific_character_set=None,
        **_planes(place),
        **equipment(analysed),
        **series_attributes(analysed, f"probability of {segment.label}", PLACE + number),
    )
    _order_as_slices(result, place, values)
    _finish(result, analysed, place, kind)
    _name_the_anatomy(result, segment)
    return EncodedResult(
        kind=KIND,
        sop_class_uid=str(result.SOPClassUID),
        sop_instance_uid=str(result.SOPInstanceUID),
        series_instance_uid=str(result.SeriesInstanceUID),
        content=write_file(result, source_references(volume.sources)),
        frames=len(values),
    )


def _mapping(segment: Segment) -> RealWorldValueMapping:
    """A probability is a number without a unit; of what, the words say."""
    return RealWorldValueMapping(
        lut_label=segment.label[:_LABEL].rstrip(),
        lut_explanation=f"Probability of {segment.label}"[:LONG_STRING],
        unit=codes.UCUM.NoUnits,
        value_range=(0.0, 1.0),
        slope=1.0,
        intercept=0.0,
        quantity_definition=codes.DCM.Probability,
    )


def _planes(place: Place) -> dict[str, Any]:
    patient = hd.CoordinateSystemNames.PATIENT
    positions = [hd.PlanePositionSequence(patient, position) for position in place.positions]
    return geometry(place) | {"plane_positions": positions}


def _order_as_slices(result: ParametricMap, place: Place, values: npt.NDArray[np.float32]) -> None:
    """highdicom has the last slice first. dcmqi takes the first frame for that at the origin: all would be mirrored."""
    groups = {_key(each.PlanePositionSequence[0].ImagePositionPatient): each for each in _per_frame(result)}
    ordered = [groups[_key(position)] for position in place.positions]
    for number, group in enumerate(ordered, start=1):
        group.FrameContentSequence[0].DimensionIndexValues = [number]
    result.PerFrameFunctionalGroupsSequence = Items(ordered)
    result.FloatPixelData = np.ascontiguousarray(values, "<f4").tobytes()


def _per_frame(result: ParametricMap) -> Iterable[Dataset]:
    groups: Iterable[Dataset] = result.PerFrameFunctionalGroupsSequence
    return groups


def _key(position: Iterable[float]) -> tuple[float, ...]:
    """A place in tenths of a micrometre: written as text, it differs from the number in the last digit."""
    return tuple(round(float(each), 4) for each in position)


def _finish(result: ParametricMap, analysed: Analysed, place: Place, kind: str) -> None:
    when = stamp(analysed.now, analysed.header)
    uid = identity_of(analysed).other_uid(kind, "dimension organisation")
    result.DimensionOrganizationSequence[0].DimensionOrganizationUID = uid
    for item in result.DimensionIndexSequence:
        item.DimensionOrganizationUID = uid
    measures = result.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    measures.SpacingBetweenSlices = DS(place.between_slices_mm, auto_format=True)
    result.PositionReferenceIndicator = analysed.header.get("PositionReferenceIndicator")
    result.ContentCreatorName = ""  # Type 2, and no human made this
    result.ContributingEquipmentSequence = Items([contributing_equipment(analysed, when)])
    finish(result, analysed, when)


def _name_the_anatomy(result: ParametricMap, segment: Segment) -> None:
    """Frame Anatomy (PS3.3 C.7.6.16.2.8) where the segment is a part of the body; a lesion is in one, not one."""
    if code(segment.category) != codes.SCT.AnatomicalStructure:
        result.Laterality = ""  # Type 2C where the frames do not say it
        return
    anatomy = Dataset()
    anatomy.FrameLaterality = _SIDES.get(
        segment.laterality if isinstance(segment.laterality, str) else "", "U"
    )
    anatomy.AnatomicRegionSequence = Items([coded(code(segment.type))])
    result.SharedFunctionalGroupsSequence[0].FrameAnatomySequence = Items([anatomy])


_SIDES = {"SCT.Left": "L", "SCT.Right": "R", "SCT.RightAndLeft": "B"}
