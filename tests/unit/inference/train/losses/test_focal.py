import math

import keras
import numpy as np
import pytest

from inference.train.losses.cross_entropy import cross_entropy
from inference.train.losses.focal import focal

TRUTH = np.array([[1, 0], [0, 1]], np.float32)
SAID = np.array([[0.75, 0.25], [0.5, 0.5]], np.float32)


def test_what_is_right_already_weighs_one_less_its_probability_to_the_focus():
    loss = focal(TRUTH, SAID, exclusive=True, focus=2.0)
    wanted = (0.25**2 * -math.log(0.75) + 0.5**2 * math.log(2)) / 2
    assert float(loss) == pytest.approx(wanted, abs=1e-6)


def test_of_classes_for_themselves_it_is_the_papers_equation():
    loss = focal(TRUTH[:1], SAID[:1], exclusive=False, focus=2.0)
    present, absent = 0.25**2 * -math.log(0.75), 0.25**2 * -math.log(0.75)
    assert float(loss) == pytest.approx((present + absent) / 2, abs=1e-6)


def test_without_focus_it_is_cross_entropy():
    for exclusive in (True, False):
        same = cross_entropy(TRUTH, SAID, exclusive=exclusive, class_weights=(1.0, 3.0))
        loss = focal(TRUTH, SAID, exclusive=exclusive, focus=0.0, class_weights=(1.0, 3.0))
        assert float(loss) == pytest.approx(float(same), abs=1e-6)


def test_a_sure_answer_has_a_gradient_that_is_a_number():
    import tensorflow as tf

    said = tf.Variable([[1.0, 0.0]])
    with tf.GradientTape() as tape:
        loss = focal(keras.ops.convert_to_tensor([[1.0, 0.0]]), said, exclusive=True)
    assert np.isfinite(tape.gradient(loss, said).numpy()).all()
