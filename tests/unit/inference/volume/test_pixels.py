import itertools

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import MPEG2MPML, JPEGLSLossless, RLELossless

from inference.errors import InputUnreadable
from inference.volume.pixels import read_pixels
from tests.model_package import phantom
from tests.projection_image import projection_image

ROWS, COLUMNS = 71, 53


def _image(**attributes):
    return projection_image(rows=ROWS, columns=COLUMNS, **attributes)


def _scaled(pixels):
    return (pixels - pixels.min()) / (pixels.max() - pixels.min())


@pytest.mark.parametrize(
    ("bits", "signed", "photometric"),
    itertools.product([8, 10, 12, 15, 16], [False, True], ["MONOCHROME1", "MONOCHROME2"]),
)
def test_every_depth_and_sense_gives_the_same_picture(bits, signed, photometric):
    pixels = read_pixels(_image(bits_stored=bits, signed=signed, photometric=photometric))
    assert (pixels.dtype, pixels.shape) == (np.float32, (ROWS, COLUMNS))
    assert np.abs(_scaled(pixels) - phantom(ROWS, COLUMNS)[0]).max() < 0.01


def test_turning_over_keeps_the_range():
    pixels = read_pixels(_image(bits_stored=12, photometric="MONOCHROME1"))
    assert (pixels.min(), pixels.max()) == (0, 4095)


def test_bits_above_those_stored_are_no_pixels():
    instance = _image(bits_stored=12)
    stored = np.frombuffer(instance.PixelData, np.uint16).copy()
    stored[::3] |= 0x8000
    instance.PixelData = stored.tobytes()
    assert read_pixels(instance).max() == 4095


def test_slope_and_intercept_are_applied():
    pixels = read_pixels(_image(RescaleSlope="0.5", RescaleIntercept="-10"))
    assert (pixels.min(), pixels.max()) == (-10, 2037.5)


def test_a_modality_lut_is_applied():
    table = Dataset()
    table.LUTDescriptor = [256, 0, 16]
    table["LUTDescriptor"].VR = "US"
    table.add_new("LUTData", "OW", np.arange(256, dtype=np.uint16)[::-1].tobytes())
    table.ModalityLUTType = "OD"
    pixels = read_pixels(_image(bits_stored=8, ModalityLUTSequence=Sequence([table])))
    assert np.allclose(_scaled(pixels), 1 - phantom(ROWS, COLUMNS)[0], atol=0.01)


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless])
def test_compressed_pixels_are_the_same(syntax):
    instance = _image(bits_stored=12)
    expected = read_pixels(instance)
    instance.compress(syntax, encoding_plugin="pydicom" if syntax == RLELossless else "pyjpegls")
    assert np.array_equal(read_pixels(instance), expected)


def test_too_few_bytes_are_unreadable():
    with pytest.raises(InputUnreadable, match="cannot be decoded"):
        read_pixels(_image(PixelData=b"\0" * 100))


def test_a_broken_codestream_is_unreadable():
    instance = _image(bits_stored=12)
    instance.compress(JPEGLSLossless, encoding_plugin="pyjpegls")
    instance.PixelData = instance.PixelData[:40] + b"\xff" * (len(instance.PixelData) - 40)
    with pytest.raises(InputUnreadable, match="cannot be decoded"):
        read_pixels(instance)


def test_a_compression_nobody_here_can_read_is_named_in_one_line():
    instance = _image(bits_stored=12)
    instance.compress(JPEGLSLossless, encoding_plugin="pyjpegls")
    instance.file_meta.TransferSyntaxUID = MPEG2MPML
    with pytest.raises(InputUnreadable, match="MPEG2") as caught:
        read_pixels(instance)
    assert "\n" not in str(caught.value)


def test_a_missing_attribute_is_unreadable():
    with pytest.raises(InputUnreadable, match="cannot be decoded"):
        read_pixels(_image(PixelRepresentation=None))


def test_a_slope_that_is_none_is_unreadable():
    with pytest.raises(InputUnreadable, match="Modality LUT"):
        read_pixels(_image(RescaleSlope="", RescaleIntercept="0"))
