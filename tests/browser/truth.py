"""What a viewer must show, from what went into the encoder; nothing is read back from what came out of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from inference.encode.analysed import Analysed, Detection, Projection, Segmentation
from inference.encode.box_masks import paste
from inference.encode.code import code
from inference.encode.detection_report import spots_of
from inference.package.output import Segment
from inference.volume.volume import Volume

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class TrueSegment:
    """``masks``: image (SOP Instance UID/frame) -> (rows, columns); images without a pixel of it are left out."""

    segment: Segment
    masks: dict[str, Mask]

    @property
    def largest(self) -> str:
        """The image with the most pixels of it, the first of several."""
        return max(self.masks, key=lambda image: int(self.masks[image].sum()))


@dataclass(frozen=True, kw_only=True)
class TrueMark:
    """A line that must be drawn: on which image, from and to which column and row, with which words beside it."""

    image: str
    corners: tuple[float, float, float, float]
    words: tuple[str, ...]


def true_segments(analysed: Analysed) -> list[TrueSegment]:
    """Every segment of which there is a voxel."""
    if isinstance(analysed.found, Detection):
        return list(_instances(analysed))
    if not isinstance(analysed.found, Segmentation):
        return []
    segments = enumerate(analysed.manifest.output.segment)
    made = [TrueSegment(segment=each, masks=_masks(analysed, place)) for place, each in segments]
    return [each for each in made if each.masks]


def true_marks(analysed: Analysed) -> list[TrueMark]:
    """Of an image each region or box; of a volume the largest region of each segment's largest slice."""
    if isinstance(analysed.found, Detection):
        return list(_boxes(analysed, analysed.found))
    if isinstance(analysed.source, Volume):
        return [_key_region(analysed, each) for each in true_segments(analysed)]
    return [mark for each in true_segments(analysed) for mark in _regions(analysed, each)]


def images(analysed: Analysed) -> list[str]:
    """The source's images in the order of its slices."""
    uids = [str(header.SOPInstanceUID) for header in analysed.headers]
    if isinstance(analysed.source, Volume) and len(uids) == 1:
        return [f"{uids[0]}/{number}" for number in analysed.source.frame_numbers]
    return [f"{uid}/1" for uid in uids]


def _instances(analysed: Analysed) -> Iterator[TrueSegment]:
    """The mask of each box that has one, brought from its own grid to the image's."""
    for spot in spots_of(analysed):
        if spot.mask is None:
            continue
        mask = paste(spot.mask, spot.corners, analysed.header.Rows, analysed.header.Columns) > 0
        segment = Segment(
            label=spot.label,
            channel=0,
            category=spot.kind.category or "SCT.MorphologicallyAbnormalStructure",
            type=spot.kind.concept,
            colour_rgb=spot.kind.colour_rgb,
        )
        yield TrueSegment(segment=segment, masks={images(analysed)[0]: mask})


def _masks(analysed: Analysed, place: int) -> dict[str, Mask]:
    assert isinstance(analysed.found, Segmentation)
    labels = analysed.found.labels
    is_image = isinstance(analysed.source, Projection)
    planes = [labels[..., place] > 0] if is_image else [plane == place + 1 for plane in labels]
    named = zip(images(analysed), planes, strict=True)
    return {image: plane for image, plane in named if plane.any()}


def _regions(analysed: Analysed, of: TrueSegment) -> Iterator[TrueMark]:
    numbered, count = ndimage.label(of.masks[of.largest])
    for number in range(1, count + 1):
        region = numbered == number
        words = (_area(analysed, region), *_certainty(analysed, of.segment), *_site(of.segment))
        yield TrueMark(image=of.largest, corners=_corners(region), words=words)


def _key_region(analysed: Analysed, of: TrueSegment) -> TrueMark:
    assert isinstance(analysed.source, Volume)
    numbered, _ = ndimage.label(of.masks[of.largest])
    largest = int(np.bincount(numbered.ravel())[1:].argmax()) + 1
    voxel_ml = abs(float(np.linalg.det(analysed.source.affine[:3, :3]))) / 1000
    volume = f"Volume: {sum(mask.sum() for mask in of.masks.values()) * voxel_ml:.2f} mL"
    return TrueMark(
        image=of.largest,
        corners=_corners(numbered == largest),
        words=(volume, *_certainty(analysed, of.segment), *_site(of.segment)),
    )


def _boxes(analysed: Analysed, found: Detection) -> Iterator[TrueMark]:
    for (top, left, bottom, right), score in zip(
        found.detections.boxes, found.detections.scores, strict=True
    ):
        yield TrueMark(
            image=images(analysed)[0],
            corners=(float(left), float(top), float(right), float(bottom)),
            words=(f"Certainty of Finding: {100 * score:.2f} %",),
        )


def _area(analysed: Analysed, region: Mask) -> str:
    spacing = analysed.header.get("PixelSpacing") or analysed.header.get("ImagerPixelSpacing")
    if spacing is None:
        return f"Area: {region.sum()}.00 {{pixels}}"
    return f"Area: {region.sum() * spacing[0] * spacing[1]:.2f} mm2"


def _corners(region: Mask) -> tuple[float, float, float, float]:
    rows, columns = ndimage.find_objects(region.astype(np.uint8))[0]
    return columns.start, rows.start, columns.stop, rows.stop


def _certainty(analysed: Analysed, segment: Segment) -> Iterator[str]:
    for each in analysed.confidence:
        if each.label == segment.label:
            yield f"Certainty of Finding: {100 * each.certainty:.2f} %"


def _site(segment: Segment) -> Iterator[str]:
    """OHIF 3.13 says the concept's code (363698007, Finding Site) where its name should be."""
    if segment.category == "SCT.AnatomicalStructure":
        yield f"363698007: {code(segment.type).meaning}"
