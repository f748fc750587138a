import threading
import time

import imagecodecs
import numpy as np
import pytest
from pydicom.uid import JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless, JPEGLSNearLossless, RLELossless

from inference.errors import InputUnreadable
from inference.volume.decoders import DECODERS, decode_frame
from tests.unit.inference.volume.compressed import SYNTAXES, picture, pixel_format_of

CASES = [(syntax, bits) for syntax, (_, depths, _) in SYNTAXES.items() for bits in depths]


def _encoded(syntax, bits):
    image = picture(bits)
    return image, SYNTAXES[syntax][0](image, bits)


@pytest.mark.parametrize(("syntax", "bits"), CASES)
def test_every_transfer_syntax_at_every_depth(syntax, bits):
    image, codestream = _encoded(syntax, bits)
    decoded = decode_frame(codestream, syntax, pixel_format_of(image, bits))
    assert np.abs(decoded.astype(int) - image).max() <= SYNTAXES[syntax][2]


def test_every_decoder_but_that_of_high_throughput_is_shown():
    assert {syntax for syntax in DECODERS if not syntax.startswith("1.2.840.10008.1.2.4.20")} == set(SYNTAXES)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_cut_off_it_is_unreadable_at_once(syntax):
    bits = SYNTAXES[syntax][1][0]
    image, codestream = _encoded(syntax, bits)
    began = time.monotonic()
    for length in range(0, len(codestream) - 3, max(len(codestream) // 40, 1)):
        with pytest.raises(InputUnreadable, match="pixel data"):
            decode_frame(codestream[:length], syntax, pixel_format_of(image, bits))
    assert time.monotonic() - began < 3  # CharLS alone takes five seconds for one of these


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_damaged_it_is_decoded_or_unreadable_never_worse(syntax):
    bits = SYNTAXES[syntax][1][-1]
    image, codestream = _encoded(syntax, bits)
    chance = np.random.default_rng(1)
    for _ in range(150):
        damaged = bytearray(codestream)
        for at in chance.integers(len(damaged), size=4):
            damaged[at] = chance.integers(256)
        try:
            decoded = decode_frame(bytes(damaged), syntax, pixel_format_of(image, bits))
        except InputUnreadable as error:
            assert "\n" not in str(error)
        else:
            assert decoded.shape == image.shape


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_another_size_than_the_header_says_is_unreadable(syntax):
    bits = SYNTAXES[syntax][1][0]
    image, codestream = _encoded(syntax, bits)
    # RLE does not say its size: only its length gives it away.
    for lie in (image[:-1], image[:, :-1], *([] if syntax == RLELossless else [image.T])):
        with pytest.raises(InputUnreadable):
            decode_frame(codestream, syntax, pixel_format_of(lie, bits))


def test_what_a_lossy_codec_overshoots_stays_white():
    image = picture(12)
    codestream = imagecodecs.jpegls_encode(image, level=20)  # said to be of 16 bits
    assert imagecodecs.jpegls_decode(codestream).max() > 4095
    decoded = decode_frame(codestream, JPEGLSNearLossless, pixel_format_of(image, 12))
    assert decoded.max() == 4095
    assert np.abs(decoded.astype(int) - image).max() <= 20


def test_a_zero_before_the_end_of_jpeg_ls_is_forgiven():
    image, codestream = _encoded(JPEGLSLossless, 12)
    assert codestream.endswith(b"\xff\xd9")
    padded = codestream[:-2] + b"\0\xff\xd9"
    assert np.array_equal(decode_frame(padded, JPEGLSLossless, pixel_format_of(image, 12)), image)


@pytest.mark.parametrize("syntax", [JPEGLSLossless, JPEG2000Lossless, JPEGLosslessSV1])
def test_the_interpreter_goes_on_while_a_frame_is_decoded(syntax):
    image = picture(16, 1500, 1500)
    codestream = SYNTAXES[syntax][0](image, 16)
    # A busy machine may stop us once; a decoder that holds the lock does so each time.
    assert min(_longest_stop(codestream, syntax, pixel_format_of(image, 16)) for _ in range(6)) < 0.6


def _longest_stop(codestream, syntax, expected):
    """The longest time this thread stood still while another one decoded, as part of all of it."""
    decoding = threading.Thread(target=decode_frame, args=(codestream, syntax, expected))
    began = last = time.perf_counter()
    longest = 0.0
    decoding.start()
    while decoding.is_alive():
        time.sleep(0)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    return longest / (last - began)
