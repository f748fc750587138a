import keras
import numpy as np
import pytest

from inference.errors import TrainingRefused
from inference.train.case import Class, Example, Mask
from inference.train.learn.segmentation import SegmentationLesson
from tests.unit.inference.train.learn.discs import SIDE, discs, lesson


def bright(shape, *, channels=2, activation="sigmoid"):
    """A network that is sure of the first channel where the image is above a half, of the last elsewhere."""
    image = keras.Input((*shape, 1), name="image")
    convolution = keras.layers.Conv2D if len(shape) == 2 else keras.layers.Conv3D
    layer = convolution(channels, 1, activation=activation)
    network = keras.Model({"image": image}, {"probabilities": layer(image)})
    kernel, bias = (np.zeros(value.shape, np.float32) for value in layer.get_weights())
    kernel[..., 0], bias[0] = 40.0, -20.0
    kernel[..., -1], bias[-1] = -40.0, 20.0
    layer.set_weights([kernel, bias])
    return network


def with_channels(manifest, channels, activation="sigmoid"):
    segments = [
        segment.model_copy(update={"channel": channel})
        for segment, channel in zip(manifest.output.segment, channels, strict=True)
    ]
    output = manifest.output.model_copy(update={"segment": segments})
    predict = manifest.predict.model_copy(update={"activation": activation})
    return manifest.model_copy(update={"output": output, "predict": predict})


def test_segments_stand_in_the_channels_of_the_manifest(manifest):
    made = SegmentationLesson(bright((4, 4), channels=3), with_channels(manifest, (2, 0)), None)
    segments = np.zeros((4, 4, 2), np.uint8)
    segments[0, :, 0] = segments[1, :, 1] = 1
    (targets,) = made.targets([Mask(segments=segments)] * 3)
    assert targets.shape == (3, 4, 4, 3)
    assert targets.dtype == np.float32
    np.testing.assert_array_equal(targets[1, ..., 2], segments[..., 0])
    np.testing.assert_array_equal(targets[1, ..., 0], segments[..., 1])
    assert not targets[..., 1].any()


def test_with_softmax_the_background_is_what_no_segment_has(manifest):
    network = bright((4, 4), channels=3, activation="softmax")
    made = SegmentationLesson(network, with_channels(manifest, (1, 2), "softmax"), None)
    segments = np.zeros((4, 4, 2), np.uint8)
    segments[0, :, 0] = segments[1, :, 1] = 1
    (targets,) = made.targets([Mask(segments=segments)])
    np.testing.assert_array_equal(targets.sum(axis=-1), 1.0)
    assert targets[0, 2:, :, 0].all()
    assert not targets[0, :2, :, 0].any()


@pytest.mark.parametrize("truth", [Class(shares=np.ones(1)), Mask(segments=np.zeros((4, 4, 3), np.uint8))])
def test_another_truth_is_refused(manifest, truth):
    with pytest.raises(TrainingRefused, match="learns from masks of its 2 segments"):
        lesson(manifest).targets([truth])


def test_the_loss_is_that_of_the_recipe_on_the_networks_answer(manifest):
    made = SegmentationLesson(
        bright((4, 4)), manifest, lambda targets, given: keras.ops.sum(abs(targets - given))
    )
    images = np.ones((1, 4, 4, 1), np.float32)
    (wrong,) = made.targets([Mask(segments=np.zeros((4, 4, 2), np.uint8))])
    assert float(made.loss(images, wrong)) == pytest.approx(16.0)


def test_the_score_is_the_mean_dice_of_examples_and_segments(manifest):
    made = SegmentationLesson(bright((SIDE, SIDE)), manifest, None)
    good, flipped = discs(2, 0)
    assert made.score([good]) == 1.0
    wrong = Example(values=1 - flipped.values, truth=flipped.truth)
    assert made.score([wrong]) < 0.3
    assert made.score([good, wrong]) == pytest.approx((1 + made.score([wrong])) / 2)


def test_softmax_is_decided_by_the_most_probable(manifest):
    network = bright((SIDE, SIDE), channels=2, activation="softmax")
    made = SegmentationLesson(network, with_channels(manifest, (0, 1), "softmax"), None)
    assert made.score(discs(1, 0)) == 1.0


@pytest.mark.parametrize(("patch", "shape"), [((8, 8), (13, 21)), ((4, 8, 8), (6, 8, 19)), ((8, 8), (8, 8))])
def test_what_is_larger_than_the_network_is_answered_window_by_window(manifest, patch, shape):
    made = SegmentationLesson(bright(patch), manifest, None)
    values = np.random.default_rng(0).random(shape).astype(np.float32)
    answer = made.answer(values)
    assert answer.shape == (*shape, 2)
    np.testing.assert_array_equal(answer[..., 0] > 0.5, values > 0.5)
