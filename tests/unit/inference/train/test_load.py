from pathlib import Path

import numpy as np
from PIL import Image

from inference.package.steps import MinMax, Pad, Resize
from inference.train.data import Example
from inference.train.load import prepare, read_mask, read_pixels

STEPS = [
    MinMax(step="min_max"),
    Pad(step="pad", to="square"),
    Resize(step="resize", rows=64, columns=64),
]


def example_in(folder: Path, image: Image.Image, mask: Image.Image) -> Example:
    image.save(folder / "image.png")
    mask.save(folder / "mask.png")
    return Example(
        image=folder / "image.png", mask=folder / "mask.png", patient_id="p", projection="ap", sex="f"
    )


def square_at(rows: int, columns: int, scale: int) -> Image.Image:
    plane = np.zeros((rows * scale, columns * scale), np.uint8)
    plane[20 * scale : 60 * scale, 10 * scale : 40 * scale] = 255
    return Image.fromarray(plane)


def test_mask_of_another_size_lies_on_its_image(tmp_path):
    example = example_in(tmp_path, square_at(100, 60, 2), square_at(100, 60, 1))
    assert read_mask(example, 200, 120).sum() == 80 * 60
    image, mask = prepare(example, STEPS)
    assert image.shape == mask.shape == (64, 64)
    np.testing.assert_array_equal(image >= 0.5, mask == 1.0)
    assert 0 < mask.sum() < mask.size


def test_colour_becomes_one_plane(tmp_path):
    example = example_in(tmp_path, square_at(100, 60, 1).convert("RGB"), square_at(100, 60, 1))
    pixels = read_pixels(example)
    assert pixels.shape == (100, 60)
    assert pixels.dtype == np.float32
    assert (pixels.min(), pixels.max()) == (0.0, 255.0)
