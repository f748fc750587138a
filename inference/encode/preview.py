"""A picture of the result for a human's eye: the image, what was found in it, or a sheet of a volume's slices."""

from inference.encode.analysed import Analysed, Detection, Projection, Segmentation
from inference.encode.contact_sheet import draw_contact_sheet
from inference.encode.detection_report import spots_of
from inference.encode.picture import Picture, draw_outlines, grey, png
from inference.volume.volume import Volume

LONGEST_SIDE = 1024
_LINE = 2


def draw_preview(analysed: Analysed) -> bytes:
    """A PNG of at most 1024 pixels a side; raises ValueError where there is no image to show."""
    return png(draw_picture(analysed))


def draw_picture(analysed: Analysed) -> Picture:
    """The same as pixels, (height, width, 3)."""
    if isinstance(analysed.source, Volume):
        return draw_contact_sheet(analysed)
    if not isinstance(analysed.source, Projection):
        raise ValueError("there is no image to show: the model did not see one")
    pixels = analysed.source.pixels
    picture = grey(pixels, _size(*pixels.shape))
    if isinstance(analysed.found, Segmentation):
        segments, labels = analysed.manifest.output.segment, analysed.found.labels
        masks = [labels[..., k] for k in range(len(segments))]
        draw_outlines(picture, masks, [segment.colour_rgb for segment in segments])
    if isinstance(analysed.found, Detection):
        _draw_boxes(picture, analysed, pixels.shape[0])
    return picture


def _size(rows: int, columns: int) -> tuple[int, int]:
    scale = min(1.0, LONGEST_SIDE / max(rows, columns))
    return max(1, round(columns * scale)), max(1, round(rows * scale))


def _draw_boxes(picture: Picture, analysed: Analysed, rows: int) -> None:
    """The least certain first, so that the most certain lies on top."""
    scale = picture.shape[0] / rows
    for spot in reversed(spots_of(analysed)):
        top, left, bottom, right = (round(each * scale) for each in spot.corners)
        inner = picture[top + _LINE : bottom - _LINE, left + _LINE : right - _LINE].copy()
        picture[top:bottom, left:right] = spot.kind.colour_rgb
        picture[top + _LINE : bottom - _LINE, left + _LINE : right - _LINE] = inner
