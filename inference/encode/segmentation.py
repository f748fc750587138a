"""Segmentation instances (PS3.3 A.51) that every viewer opens, of an image or of a volume.

One series each, since the last instance of a series hides the others.
"""

from inference.encode.analysed import Analysed, Projection, Segmentation
from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.image_segmentation import encode_image_segments
from inference.encode.volume_segmentation import encode_volume_segments
from inference.encode.written import Written
from inference.volume.volume import Volume


def encode_segmentations(analysed: Analysed, encoding: Encoding = DEFAULT) -> list[Written]:
    """SEG instances with every segment of which anything was found, on the source's own grid.

    None where nothing was. Raises ValueError where the labels cannot be what the manifest declares.
    """
    if not isinstance(analysed.found, Segmentation):
        raise ValueError("there are no segments in what was found; a classification has none")
    segments, labels, source = analysed.manifest.output.segment, analysed.found.labels, analysed.source
    if isinstance(source, Volume):
        return encode_volume_segments(analysed, source, segments, labels, encoding)
    if not isinstance(source, Projection):
        raise ValueError("there are segments, but neither an image nor a volume that they lie on")
    if labels.shape != (*source.pixels.shape, len(segments)):
        raise ValueError(
            f"the labels are {labels.shape}, the image {source.pixels.shape} with {len(segments)} segments"
        )
    return encode_image_segments(analysed, segments, labels, encoding)
