import keras
import numpy as np

from inference.package.prediction import DetectionOutputs, Io
from inference.predict import load_predictor
from inference.train.export import export
from inference.zoo.mask_rcnn import mask_rcnn

IO = Io(
    input="image",
    input_rank=4,
    detection=DetectionOutputs(
        boxes="boxes", scores="scores", classes="classes", count="valid", masks="masks"
    ),
)


def test_masks_are_twice_as_fine_as_what_the_head_reads(small_design):
    outputs = mask_rcnn(small_design, base=8).network.output
    assert set(outputs) == {"boxes", "scores", "classes", "valid", "masks"}
    assert (outputs["masks"].shape, outputs["masks"].dtype) == ((None, 8, 28, 28), "float32")


def test_after_a_short_lesson_boxes_and_masks_are_those_it_has_seen_and_the_export_says_the_same(
    small_design, rectangles, teach, matched, tmp_path
):
    keras.utils.set_random_seed(0)
    # Of a whole rectangle every box shows inside only: with a corner cut off there is an outside to learn.
    seen = _without_a_corner(rectangles)
    rcnn = mask_rcnn(small_design, base=8)
    teach(rcnn, seen, 150)
    said = {name: value.numpy() for name, value in rcnn.network({"image": seen.images}).items()}
    pairs = matched(said, seen)
    assert all(number is not None for _, _, number in pairs)
    dice = [
        _dice(_pasted(said["masks"][image, number], said["boxes"][image, number]), seen.masks[image, place])
        for image, place, number in pairs
    ]
    assert min(dice) > 0.85

    export(rcnn.network, tmp_path / "model", IO)
    found = load_predictor(tmp_path / "model", IO, device="cpu").detect(seen.images[0, :, :, 0])
    count = said["valid"][0]
    np.testing.assert_allclose(found["boxes"], said["boxes"][0, :count], atol=0.01)
    np.testing.assert_allclose(found["masks"], said["masks"][0, :count], atol=1e-3)


def _without_a_corner(rectangles):
    for image, place in np.argwhere(rectangles.classes >= 0):
        top, left, bottom, right = rectangles.boxes[image, place].astype(int)
        corner = (slice(top, (top + bottom) // 2), slice(left, (left + right) // 2))
        rectangles.images[image, *corner] = 0.0
        rectangles.masks[image, place, *corner] = 0
    return rectangles


def _pasted(mask, box):
    """By the nearest bin, on the pixels of the image."""
    pasted = np.zeros((64, 64), bool)
    for row, column in np.ndindex(64, 64):
        down = (row + 0.5 - box[0]) / (box[2] - box[0])
        right = (column + 0.5 - box[1]) / (box[3] - box[1])
        if 0 <= down < 1 and 0 <= right < 1:
            pasted[row, column] = mask[int(down * len(mask)), int(right * len(mask))] >= 0.5
    return pasted


def _dice(a, b):
    return 2 * np.sum(a & (b > 0)) / (np.sum(a) + np.sum(b > 0))
