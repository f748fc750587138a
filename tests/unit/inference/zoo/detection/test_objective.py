import keras
import numpy as np
import pytest
import tensorflow as tf

from inference.zoo.detection.lesson import Lesson
from inference.zoo.detection.objective import objective
from inference.zoo.faster_rcnn import faster_rcnn
from inference.zoo.freezing import freeze
from inference.zoo.mask_rcnn import mask_rcnn


def _gradients(rcnn, seen, **more):
    weights = rcnn.network.trainable_variables
    masks = None if rcnn.mask_head is None else seen.masks
    with tf.GradientTape() as tape:
        parts = objective(rcnn, seen.images, seen.boxes, seen.classes, masks, **more)
    return parts, tape.gradient(parts["total"], weights)


@pytest.mark.parametrize("loss", ["cross_entropy", "focal"])
def test_every_weight_of_the_network_learns(small_design, rectangles, loss):
    keras.utils.set_random_seed(0)
    rcnn = mask_rcnn(small_design, base=8)
    parts, gradients = _gradients(rcnn, rectangles, lesson=Lesson(loss=loss))
    assert set(parts) == {"objectness", "proposal_boxes", "classes", "boxes", "masks", "total"}
    np.testing.assert_allclose(
        parts["total"], sum(float(v) for name, v in parts.items() if name != "total"), rtol=1e-5
    )
    assert all(gradient is not None for gradient in gradients)
    still = [
        weight.path
        for weight, gradient in zip(rcnn.network.trainable_variables, gradients, strict=True)
        if not np.any(tf.convert_to_tensor(gradient))
    ]
    assert still == []


def test_what_is_frozen_has_no_gradient_and_the_rest_has(small_design, rectangles):
    rcnn = faster_rcnn(small_design, base=8)
    freeze(rcnn.network, "backbone")
    _, gradients = _gradients(rcnn, rectangles)
    assert 0 < len(gradients) < len(rcnn.network.variables)
    assert all(np.any(tf.convert_to_tensor(gradient)) for gradient in gradients[:2])


def test_images_with_nothing_on_them_are_finite(small_design, rectangles):
    rcnn = mask_rcnn(small_design, base=8)
    parts = objective(
        rcnn,
        rectangles.images,
        np.zeros_like(rectangles.boxes),
        np.full_like(rectangles.classes, -1),
        np.zeros_like(rectangles.masks),
    )
    assert all(np.isfinite(value) for value in parts.values())
    assert float(parts["masks"]) == float(parts["boxes"]) == float(parts["proposal_boxes"]) == 0.0


def test_masks_are_asked_for_where_there_is_a_head_for_them(small_design, rectangles):
    with pytest.raises(ValueError, match="give one for each box"):
        objective(mask_rcnn(small_design, base=8), rectangles.images, rectangles.boxes, rectangles.classes)
