"""``[data]``: where the labelled inputs are, and what in them is the label."""

from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from inference.package.declared import Declared

Name = Annotated[str, Field(min_length=1)]
Names = Annotated[tuple[Name, ...], Field(min_length=1)]
Number = Annotated[int, Field(ge=0)]

DicomFact = Literal["device", "sex", "age", "projection"]


class Tabled(Declared):
    """What all data beside a table has in common.

    ``table`` is a .json file with a list of records, or a .csv file with a heading, below the data folder. ``images``
    is the folder with the files that the column ``image`` names; ``patient`` is the column with the patient's key;
    ``facts`` are the columns for strata and for evaluation by group. A row without a label is left out.
    """

    table: Name = "labels.json"
    images: str = "images"
    image: Name = "image"
    patient: Name = "patient_id"
    facts: tuple[Name, ...] = ()


class MaskFile(Declared):
    """``[[data.segment]]``: the mask of one of the manifest's segments, in the manifest's order.

    The column ``mask`` names a file in ``folder``. A pixel belongs to the segment where the file has ``value``, or,
    without it, more than ``above``.
    """

    mask: Name = "mask"
    folder: str = "masks"
    value: Number | None = None
    above: Number = 127


class ImagesAndMasks(Tabled):
    """Pictures (PNG, JPEG, TIFF) or volumes (NIfTI), each with a mask of every segment."""

    kind: Literal["images_and_masks"]
    segment: Annotated[tuple[MaskFile, ...], Field(min_length=1)]

    @property
    def named(self) -> tuple[str, ...]:
        """Each segment for messages, by what marks it."""
        marks = (f"above = {s.above}" if s.value is None else f"value = {s.value}" for s in self.segment)
        return tuple(
            f"[[data.segment]] {number} (mask = '{segment.mask}', {mark})"
            for number, (segment, mark) in enumerate(zip(self.segment, marks, strict=True), start=1)
        )


class BoxColumns(Declared):
    """``[data.boxes]``: where the boxes stand.

    In JSON the column ``list`` holds one entry a box: its class under ``label``, its corners under ``box``. In CSV
    a box has a row of its own, with its class in the column ``label`` and its corners in the four ``columns``; an
    image without a box has one row in which these are empty. ``form``: xywh is column, row, width, height; xyxy is
    column, row of the first and of the last corner; both in pixels, 0, 0 being the outer corner of the first pixel.
    ``masks``: the mask in which each box's own pixels lie, for networks with a mask for each box.
    """

    list: Name = "boxes"
    label: Name = "label"
    box: Name = "bbox"
    columns: tuple[Name, Name, Name, Name] = ("x", "y", "width", "height")
    form: Literal["xywh", "xyxy"] = "xywh"
    masks: MaskFile | None = None


class WhatTheTableSays(Declared):
    """``classes``, in the manifest's order, of the column ``label``, or of the boxes where they are given."""

    label: Name | None = None
    boxes: BoxColumns | None = None
    classes: Names

    @property
    def named(self) -> tuple[str, ...]:
        """Each class for messages."""
        return tuple(f"class '{name}'" for name in self.classes)

    @model_validator(mode="after")
    def _one_kind_of_truth(self) -> "WhatTheTableSays":
        if (self.label is None) == (self.boxes is None):
            raise ValueError("needs either label (a column with the class) or a table boxes, and not both")
        if len(set(self.classes)) != len(self.classes):
            raise ValueError("names a class twice; give each of classes once")
        return self


class ImagesAndTable(Tabled, WhatTheTableSays):
    """Pictures or volumes, with their class or their boxes in a table."""

    kind: Literal["images_and_table"]


class FromDicom(Declared):
    """What all DICOM data has in common.

    ``each``: whether an input is an instance or a series. ``patient``: the attribute that tells patients apart.
    ``facts``: what is read from the headers for strata and evaluation: device (Manufacturer and its model name), sex
    (Patient's Sex), age (Patient's Age, by decades), projection (View Position).
    """

    each: Literal["instance", "series"] = "series"
    patient: Literal["PatientID", "StudyInstanceUID"] = "PatientID"
    facts: tuple[DicomFact, ...] = ()


class DicomAndSeg(FromDicom):
    """DICOM images and the Segmentations that refer to them, anywhere below the folder.

    ``segments``: Segment Labels, in the manifest's order. ``take``: what to do where several Segmentations say where a
    segment is: refuse, or believe the newest by Content Date and Time (a correction beside what was corrected).
    """

    kind: Literal["dicom_and_seg"]
    segments: Names
    take: Literal["only", "newest"] = "only"

    @property
    def named(self) -> tuple[str, ...]:
        """Each segment for messages."""
        return tuple(f"segment '{label}'" for label in self.segments)


class DicomAndTable(FromDicom, WhatTheTableSays):
    """DICOM images and a table with a column SOPInstanceUID or SeriesInstanceUID."""

    kind: Literal["dicom_and_table"]
    table: Name = "labels.csv"
    uid: Literal["SOPInstanceUID", "SeriesInstanceUID"] = "SOPInstanceUID"

    @model_validator(mode="after")
    def _names_its_inputs(self) -> "DicomAndTable":
        if self.uid != {"instance": "SOPInstanceUID", "series": "SeriesInstanceUID"}[self.each]:
            raise ValueError(
                f'uid {self.uid} does not name what is learnt from, which is each = "{self.each}"'
            )
        if self.boxes is not None and self.each == "series":
            raise ValueError('boxes lie on images; give each = "instance"')
        return self


class LabelSegment(Declared):
    """``[[data.segment]]``: the numbers in the label volume that make one of the manifest's segments."""

    labels: Annotated[tuple[Number, ...], Field(min_length=1)]


class LabelVolumes(Declared):
    """Volumes of label numbers (NIfTI), without images: domain randomisation makes the images.

    ``pattern``: which files below the folder. Each is one patient.
    """

    kind: Literal["label_volumes"]
    pattern: Name = "*.nii.gz"
    segment: Annotated[tuple[LabelSegment, ...], Field(min_length=1)]

    @property
    def named(self) -> tuple[str, ...]:
        """Each segment for messages, by its label numbers."""
        return tuple(
            f"[[data.segment]] {number} (labels = {list(segment.labels)})"
            for number, segment in enumerate(self.segment, start=1)
        )

    @field_validator("pattern")
    @classmethod
    def _lies_below_the_folder(cls, pattern: str) -> str:
        parts = PurePath(pattern).parts
        is_whole = all("**" not in part or part == "**" for part in parts)
        if not parts or PurePath(pattern).is_absolute() or ".." in parts or not is_whole:
            raise ValueError(
                f"is {pattern!r}, which is no pattern below the data folder; give one such as '*.nii.gz' or "
                "'labels/*.nii.gz'"
            )
        return pattern

    @field_validator("segment")
    @classmethod
    def _each_number_is_of_one_segment(cls, segment: tuple[LabelSegment, ...]) -> tuple[LabelSegment, ...]:
        numbers = [number for each in segment for number in set(each.labels)]
        if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
            raise ValueError(
                f"gives {', '.join(map(str, twice))} to two segments; a voxel belongs to one, so take the number out "
                "of the other"
            )
        return segment


DataTable = Annotated[
    ImagesAndMasks | ImagesAndTable | DicomAndSeg | DicomAndTable | LabelVolumes, Field(discriminator="kind")
]
