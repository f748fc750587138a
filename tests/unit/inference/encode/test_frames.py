import numpy as np
import pytest
from pydicom.encaps import generate_frames
from pydicom.pixels.decoders import JPEGLSLosslessDecoder
from pydicom.pixels.decoders.rle import _rle_decode_frame

from inference.encode.encoding import Encoding
from inference.encode.frames import binary_frames, compressed, label_frames, presence
from inference.encode.functional_groups import Frame

LABELS = np.zeros((3, 4, 6), np.uint8)
LABELS[0, 1, 2:5], LABELS[2, 0, 0], LABELS[2, 3, 5] = 1, 2, 1


def test_presence_says_on_which_slices_a_segment_is():
    assert presence(LABELS, 3).tolist() == [[True, False, False], [False] * 3, [True, True, False]]


@pytest.mark.parametrize("place", [(0, 0, 0), (1, 2, 3), (2, 3, 5)])
def test_presence_misses_no_single_voxel(place):
    labels = np.zeros((3, 4, 6), np.uint8)
    labels[place] = 2
    assert np.argwhere(presence(labels, 2)).tolist() == [[place[0], 1]]


@pytest.mark.parametrize("number", [4, 255])
def test_a_number_that_no_segment_has_is_refused(number):
    labels = LABELS.copy()
    labels[1, 1, 1] = number
    with pytest.raises(ValueError, match=f"holds {number}, but there are 3"):
        presence(labels, 3)


@pytest.mark.parametrize("shape", [(20, 4, 6), (20, 5, 7), (20, 1, 3)])
def test_bits_follow_each_other_without_gaps(shape):
    labels = np.random.default_rng(0).integers(0, 3, shape).astype(np.uint8)
    frames = [Frame(index=index, segment=segment) for segment in (1, 2) for index in range(20)]
    bits = np.unpackbits(
        np.frombuffer(b"".join(binary_frames(labels, frames, [2, 1])), np.uint8), bitorder="little"
    )
    expected = np.stack([labels == 2, labels == 1]).reshape(-1)
    assert np.array_equal(bits[: expected.size], expected)
    assert bits.size - expected.size < 8 and not bits[expected.size :].any()


def test_label_frames_hold_the_numbers_of_the_instance():
    (frame,) = label_frames(LABELS, [Frame(index=2, segment=None)], [2])
    assert np.array_equal(frame, LABELS[2] == 2)


@pytest.mark.parametrize("shape", [(4, 6), (5, 7), (1, 1), (3, 300)])
def test_rle_comes_back(shape):
    chance = np.random.default_rng(1)
    frames = [chance.integers(0, 3, shape).astype(np.uint8), np.zeros(shape, np.uint8)]
    content = compressed(frames, Encoding(form="LABELMAP", compression="RLE"))
    for frame, packed in zip(frames, generate_frames(content, number_of_frames=2), strict=True):
        assert np.array_equal(
            np.frombuffer(_rle_decode_frame(packed, *shape, 1, 8), np.uint8), frame.reshape(-1)
        )


def test_jpeg_ls_comes_back():
    frame = np.random.default_rng(1).integers(0, 20, (31, 17)).astype(np.uint8)
    content = compressed([frame], Encoding(form="LABELMAP", compression="JPEG-LS"))
    decoded, _ = JPEGLSLosslessDecoder.as_array(
        content,
        rows=31,
        columns=17,
        number_of_frames=1,
        samples_per_pixel=1,
        bits_allocated=8,
        bits_stored=8,
        photometric_interpretation="MONOCHROME2",
        pixel_representation=0,
        pixel_keyword="PixelData",
    )
    assert np.array_equal(decoded, frame)
