"""Segmentation instances (PS3.3 A.51) of an image without a place in the patient: CR, DX, mammography."""

from collections.abc import Sequence

import highdicom as hd
import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as Items

from inference.encode.analysed import Analysed
from inference.encode.encoding import Encoding
from inference.encode.frames import compressed
from inference.encode.seg_header import Described, describe_sets, finish_segmentation
from inference.encode.segment_sets import sets_of_image
from inference.encode.source import clean_header, to_file
from inference.encode.written import Written
from inference.package.output import Segment

Labels = npt.NDArray[np.uint8]


def encode_image_segments(
    analysed: Analysed, segments: Sequence[Segment], layers: Labels, encoding: Encoding
) -> list[Written]:
    """``layers`` (rows, columns, segments) of 0 and 1 on the source's own pixel grid, in the order of ``segments``."""
    sets = sets_of_image(layers, encoding)
    return [
        _encode(described, np.ascontiguousarray(layers[..., described.places]))
        for described in describe_sets(analysed, segments, sets, encoding)
    ]


def _encode(described: Described, layers: Labels) -> Written:
    analysed, encoding = described.analysed, described.encoding
    result = hd.seg.Segmentation(
        source_images=[clean_header(analysed)],
        pixel_array=_pixels(layers, encoding),
        **described.attributes(),
    )
    _give_geometry(result, analysed.header)
    finish_segmentation(result, described)
    if encoding.compression != "native":
        result.file_meta.TransferSyntaxUID = encoding.transfer_syntax_uid
    if encoding.compression in ("RLE", "JPEG-LS"):
        result.PixelData = compressed([_pixels(layers, encoding)[0]], encoding)
    return Written(result=to_file(result, "SEG"), numbers=described.numbers)


def _pixels(layers: Labels, encoding: Encoding) -> Labels:
    """(1, rows, columns, segments), or of a LABELMAP (1, rows, columns) of Segment Numbers."""
    if encoding.form == "BINARY":
        return layers[np.newaxis]
    numbers = np.arange(1, layers.shape[-1] + 1, dtype=np.uint8)
    return np.asarray((layers * numbers).max(axis=-1)[np.newaxis], np.uint8)


def _give_geometry(result: hd.seg.Segmentation, source: Dataset) -> None:
    """State a Plane Orientation, which a projection has not: without one a widespread viewer waits for ever.

    Rows run along x and columns along y of the image itself; Plane Position and Frame of Reference stay out,
    so that nothing claims a place in the patient. Patient Orientation is Type 2C and stays as it is known.
    Where the size of a pixel is unknown, the same viewer turns black for want of Pixel Measures, and a server in wide
    use drops a sequence with nothing in it. Spacing Between Slices is what a single frame can state without saying
    anything: there is no other slice (PS3.3 C.7.6.16.2.1).
    """
    orientation, shared = Dataset(), result.SharedFunctionalGroupsSequence[0]
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    shared.PlaneOrientationSequence = Items([orientation])
    if "PixelMeasuresSequence" not in shared:
        measures = Dataset()
        measures.SpacingBetweenSlices = 1
        shared.PixelMeasuresSequence = Items([measures])
    result.PatientOrientation = source.get("PatientOrientation")
