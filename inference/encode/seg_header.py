"""What a SEG instance says of itself, of an image or of a volume: identity, equipment, segments, dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import highdicom as hd
from pydicom.sequence import Sequence as Items

from inference.encode.analysed import Analysed
from inference.encode.clock import Stamp, stamp
from inference.encode.encoding import Encoding
from inference.encode.equipment import LONG_STRING, contributing_equipment, equipment
from inference.encode.identity import identity_of
from inference.encode.predecessor import Predecessor, predecessor_images, predecessor_series
from inference.encode.segment_description import describe
from inference.encode.segment_sets import Sets
from inference.encode.series import series_attributes
from inference.encode.source import finish
from inference.package.output import Segment


@dataclass(frozen=True, kw_only=True)
class Described:
    """One SEG instance to be: its segments in the order of their numbers.

    ``places``: theirs among all that could be found, from 0; the Series Number follows from the first.
    ``is_alone``: there is no other SEG instance; where there is, the series is named by its segments.
    """

    analysed: Analysed
    segments: tuple[Segment, ...]
    places: tuple[int, ...]
    is_alone: bool
    encoding: Encoding

    @property
    def kind(self) -> str:
        """What the UIDs are derived from: the labels, not the places in the manifest, and how it is stored."""
        return " ".join(filter(None, ("SEG", self._labels, self.encoding.name)))

    @property
    def numbers(self) -> Mapping[str, int]:
        """Label -> Segment Number."""
        return {segment.label: number for number, segment in enumerate(self.segments, start=1)}

    @property
    def replaced(self) -> tuple[Predecessor, ...]:
        """The SEG instances of the result in whose place this one is; which segments they have is not asked."""
        return tuple(each for each in self.analysed.replaces if each.kind == "SEG")

    @cached_property
    def stamp(self) -> Stamp:
        """The time the instance states."""
        return stamp(self.analysed.now, self.analysed.header)

    def attributes(self) -> dict[str, Any]:
        """What highdicom is given beside the source and the pixels."""
        identity, when = identity_of(self.analysed), self.stamp
        return {
            "segmentation_type": self.encoding.form,
            "segment_descriptions": [
                describe(self.analysed, segment, number)
                for number, segment in enumerate(self.segments, start=1)
            ],
            "series_instance_uid": identity.series_instance_uid(self.kind),
            "sop_instance_uid": identity.sop_instance_uid(self.kind),
            "content_label": "SEGMENTATION",
            "content_description": self._labels[:LONG_STRING],
            "content_date": when.date,
            "content_time": when.time,
            "specific_character_set": None,
            **equipment(self.analysed),
            **series_attributes(
                self.analysed, "SEG" if self.is_alone else f"SEG {self._labels}", 1 + self.places[0]
            ),
        }

    @property
    def _labels(self) -> str:
        return ", ".join(segment.label for segment in self.segments)


def describe_sets(
    analysed: Analysed, segments: Sequence[Segment], sets: Sets, encoding: Encoding
) -> list[Described]:
    """A SEG instance to be for each of ``sets``, which hold places in ``segments``."""
    return [
        Described(
            analysed=analysed,
            segments=tuple(segments[place] for place in places),
            places=places,
            is_alone=len(sets) == 1,
            encoding=encoding,
        )
        for places in sets
    ]


def finish_segmentation(result: hd.seg.Segmentation, described: Described) -> None:
    """Put derived UIDs, patient, study and dates in place of what highdicom chose."""
    analysed = described.analysed
    uid = identity_of(analysed).other_uid(described.kind, "dimension organisation")
    result.DimensionOrganizationSequence[0].DimensionOrganizationUID = uid
    for item in result.DimensionIndexSequence:
        item.DimensionOrganizationUID = uid
    # Type 2, and highdicom leaves it out: no human made this.
    result.ContentCreatorName = ""
    _put_background_last(result)
    result.ContributingEquipmentSequence = Items([contributing_equipment(analysed, described.stamp)])
    if described.replaced:
        result.ReferencedImageSequence = predecessor_images(described.replaced)
        result.ReferencedSeriesSequence.extend(predecessor_series(described.replaced))
    finish(result, analysed, described.stamp)


def _put_background_last(result: hd.seg.Segmentation) -> None:
    """A LABELMAP describes its zeros as Segment 0. In the first item, where highdicom puts it, it makes viewers in
    wide use, which count items for numbers, give each segment the colour or the name of the one before it
    (cornerstone3D #2882, Slicer #9163). A LABELMAP's numbers need no order (PS3.3 C.8.20.2.4).
    """
    result.SegmentSequence = sorted(result.SegmentSequence, key=lambda item: item.SegmentNumber == 0)
