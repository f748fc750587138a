"""Contours and boxes with their names as a Grayscale Softcopy Presentation State (PS3.3 A.33.1).

A layer for each segment or kind of finding, on the image, or on the slices of a volume on which the segments are
largest. It changes nothing of how the image itself is shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import highdicom as hd
import numpy as np
import numpy.typing as npt
from highdicom import pr
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from inference.encode.analysed import Analysed, Detection, EncodedResult, Kind, Projection, Segmentation
from inference.encode.clock import stamp
from inference.encode.detection_report import around, spots_of
from inference.encode.equipment import LONG_STRING, contributing_equipment, equipment
from inference.encode.identity import identity_of
from inference.encode.key_image import key_images, source_of
from inference.encode.picture import Colour
from inference.encode.region import regions_of
from inference.encode.series import series_attributes
from inference.encode.shading import has_linear_shading, shading
from inference.encode.source import clean_identity, finish, to_file
from inference.volume.volume import Volume

KIND: Kind = "PR"
PLACE = 92

Line = npt.NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A closed line of (column, row), as SCOORD counts them, on an image, or on a frame of it (from 1)."""

    layer: str
    label: str
    colour: Colour
    line: Line
    image: Dataset
    frame: int | None = None


def encode_presentation_state(analysed: Analysed) -> EncodedResult | None:
    """None where there is nothing to draw, or where the images' stored values have no one meaning (see shading)."""
    drawn = list(_drawn(analysed))
    if not drawn or not has_linear_shading([(each.image, each.frame) for each in drawn]):
        return None
    identity, when = identity_of(analysed), stamp(analysed.now, analysed.header)
    images, layers = _images(analysed, drawn), _layers(drawn)
    about = series_attributes(analysed, "contours", PLACE)
    del about["content_qualification"]  # a presentation state has none
    result = pr.GrayscaleSoftcopyPresentationState(
        referenced_images=list(images.values()),
        series_instance_uid=identity.series_instance_uid(KIND),
        sop_instance_uid=identity.sop_instance_uid(KIND),
        content_label="CONTOURS",
        content_description=f"What {analysed.manifest.model.name} found"[:LONG_STRING],
        graphic_layers=list(layers.values()),
        graphic_annotations=[_annotation(each, images, layers) for each in drawn],
        **shading(analysed, drawn[0].image, drawn[0].frame),
        specific_character_set=None,
        **about,
        **equipment(analysed),
    )
    # Both Type 2C: no human made this, and of which side it is the reader knows from the image.
    result.ContentCreatorName = result.Laterality = ""
    result.ContributingEquipmentSequence = Items([contributing_equipment(analysed, when)])
    finish(result, analysed, when)
    result.PresentationCreationDate, result.PresentationCreationTime = when.date, when.time
    return to_file(result, KIND)


def _drawn(analysed: Analysed) -> Iterator[Drawn]:
    match analysed.found, analysed.source:
        case Segmentation(labels=labels), Volume() as volume:
            yield from _of_volume(analysed, volume, labels)
        case Segmentation(labels=labels), Projection(header=header):
            for k, segment in enumerate(analysed.manifest.output.segment):
                for region in regions_of(labels[..., k]):
                    yield _closed(segment.label, segment.colour_rgb, region.contour, header)
        case Detection(), Projection(header=header):
            for spot in spots_of(analysed):
                line = around(spot.corners)
                yield _closed(spot.label, spot.kind.colour_rgb, line, header, layer=spot.kind.label)


def _of_volume(analysed: Analysed, volume: Volume, labels: npt.NDArray[np.uint8]) -> Iterator[Drawn]:
    segments = analysed.manifest.output.segment
    keys = key_images(labels, len(segments))
    for segment, key in zip(segments, keys, strict=True):
        if key is not None:
            frame = volume.frame_numbers[key.index] if len(volume.sources) == 1 else None
            image = source_of(volume, key.index)
            yield _closed(segment.label, segment.colour_rgb, key.region.contour, image, frame=frame)


def _closed(
    label: str,
    colour: Colour,
    line: Line,
    image: Dataset,
    *,
    layer: str | None = None,
    frame: int | None = None,
) -> Drawn:
    return Drawn(layer=layer or label, label=label, colour=colour, line=line, image=image, frame=frame)


def _images(analysed: Analysed, drawn: Sequence[Drawn]) -> Mapping[str, Dataset]:
    """Of each image by its UID what highdicom needs to see, and nothing of the patient."""
    images: dict[str, Dataset] = {}
    for each in drawn:
        image = clean_identity(analysed)
        image.SOPClassUID, image.SOPInstanceUID = each.image.SOPClassUID, each.image.SOPInstanceUID
        image.Rows, image.Columns = analysed.header.Rows, analysed.header.Columns
        image.SamplesPerPixel = 1
        if each.frame is not None:
            image.NumberOfFrames = analysed.header.NumberOfFrames
        images[str(each.image.SOPInstanceUID)] = image
    return images


def _layers(drawn: Sequence[Drawn]) -> Mapping[str, pr.GraphicLayer]:
    """By name; a layer's own name is a CS, so it is numbered, and described by the label."""
    found = {each.layer: each.colour for each in drawn}
    return {
        layer: pr.GraphicLayer(
            layer_name=f"LAYER_{order}",
            order=order,
            description=layer[:LONG_STRING],
            display_color=hd.color.CIELabColor.from_rgb(*colour),
        )
        for order, (layer, colour) in enumerate(found.items(), start=1)
    }


def _annotation(
    drawn: Drawn, images: Mapping[str, Dataset], layers: Mapping[str, pr.GraphicLayer]
) -> pr.GraphicAnnotation:
    units = pr.AnnotationUnitsValues.PIXEL
    left, top = (float(each) for each in drawn.line.min(axis=0))
    return pr.GraphicAnnotation(
        referenced_images=[images[str(drawn.image.SOPInstanceUID)]],
        referenced_frame_number=drawn.frame,
        graphic_layer=layers[drawn.layer],
        graphic_objects=[
            pr.GraphicObject(graphic_type=pr.GraphicTypeValues.POLYLINE, graphic_data=drawn.line, units=units)
        ],
        text_objects=[
            pr.TextObject(
                text_value=drawn.label, units=units, anchor_point=(left, top), anchor_point_visible=False
            )
        ],
    )
