"""Segmentations of radiographs as highdicom reads them.

Its reader insists on Pixel Spacing and Slice Thickness wherever there are Pixel Measures. Both are Type 1C (PS3.3
C.7.6.16.2.1), a radiograph may have neither, and highdicom's own writer leaves the latter out; so it reads without.
"""

from io import BytesIO

import highdicom as hd
from pydicom import dcmread


def read_image_segmentation(content: bytes) -> hd.seg.Segmentation:
    """The instance in a PS3.10 file, but for its Pixel Measures."""
    instance = dcmread(BytesIO(content))
    del instance.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence
    return hd.seg.Segmentation.from_dataset(instance)
