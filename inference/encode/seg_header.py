"""What a SEG instance says of itself, of an image or of a volume: identity, equipment, segments, dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import highdicom as hd
from pydicom.sequence import Sequence

from inference.encode.analysed import Analysed
from inference.encode.clock import Stamp, stamp
from inference.encode.encoding import Encoding
from inference.encode.equipment import LONG_STRING, contributing_equipment, equipment, series_attributes
from inference.encode.identity import identity_of
from inference.encode.segment_description import describe
from inference.encode.source import finish
from inference.package.output import Segment


@dataclass(frozen=True, kw_only=True)
class Described:
    """One SEG instance to be: its segments in the order of their numbers.

    ``place``: of the first of them among all that could be found, from 0; the Series Number follows from it.
    ``is_alone``: there is no other SEG instance; where there is, the series is named by its segments.
    """

    analysed: Analysed
    segments: tuple[Segment, ...]
    place: int
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
                self.analysed, "SEG" if self.is_alone else f"SEG {self._labels}", 1 + self.place
            ),
        }

    @property
    def _labels(self) -> str:
        return ", ".join(segment.label for segment in self.segments)


def finish_segmentation(result: hd.seg.Segmentation, described: Described) -> None:
    """Put derived UIDs, patient, study and dates in place of what highdicom chose."""
    analysed = described.analysed
    uid = identity_of(analysed).other_uid(described.kind, "dimension organisation")
    result.DimensionOrganizationSequence[0].DimensionOrganizationUID = uid
    for item in result.DimensionIndexSequence:
        item.DimensionOrganizationUID = uid
    # Type 2, and highdicom leaves it out: no human made this.
    result.ContentCreatorName = ""
    result.ContributingEquipmentSequence = Sequence([contributing_equipment(analysed, described.stamp)])
    finish(result, analysed, described.stamp)
