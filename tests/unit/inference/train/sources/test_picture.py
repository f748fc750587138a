import numpy as np
import pytest
from PIL import Image

from inference.errors import TrainingRefused
from inference.train.sources.picture import read_picture


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P"])
def test_colour_becomes_luminance(tmp_path, mode):
    plane = np.arange(24, dtype=np.uint8).reshape(6, 4) * 10
    Image.fromarray(plane).convert(mode).save(tmp_path / "a.png")
    field = read_picture(tmp_path / "a.png")
    assert field.affine is None
    assert field.values.dtype == np.float32
    np.testing.assert_allclose(field.values, plane, atol=0.5)


def test_sixteen_bits_are_kept(tmp_path):
    plane = np.arange(24, dtype=np.uint16).reshape(6, 4) * 2000
    Image.fromarray(plane).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_picture(tmp_path / "a.png").values, plane)


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_image_is_refused(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(TrainingRefused, match="cannot be read as an image"):
        read_picture(tmp_path / "a.png")
