import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, JPEGLSLossless, RLELossless

from inference.encode.encoding import DEFAULT, Encoding


@pytest.mark.parametrize("compression", ["RLE", "JPEG-LS"])
def test_single_bits_are_not_compressed(compression):
    with pytest.raises(ValueError, match=f"BINARY segmentation cannot be {compression}; write LABELMAP"):
        Encoding(compression=compression)


@pytest.mark.parametrize("most", [0, -1])
def test_no_frame_at_all_is_no_limit(most):
    with pytest.raises(ValueError, match="at least 1 frame"):
        Encoding(most_frames=most)


@pytest.mark.parametrize(
    ("encoding", "name", "syntax"),
    [
        (DEFAULT, "", ExplicitVRLittleEndian),
        (Encoding(compression="deflated"), "deflated", DeflatedExplicitVRLittleEndian),
        (Encoding(form="LABELMAP"), "LABELMAP", ExplicitVRLittleEndian),
        (Encoding(form="LABELMAP", compression="RLE"), "LABELMAP RLE", RLELossless),
        (Encoding(form="LABELMAP", compression="JPEG-LS"), "LABELMAP JPEG-LS", JPEGLSLossless),
    ],
)
def test_it_has_a_name_and_a_transfer_syntax(encoding, name, syntax):
    assert (encoding.name, encoding.transfer_syntax_uid) == (name, syntax)
