import keras
import numpy as np
import tensorflow as tf

from inference.zoo.detection.step import Step


def test_names_and_whole_numbers_come_through():
    given = keras.Input((3,))
    said = Step(lambda values, other: {"most": tf.argmax(values + other, axis=1)}, name="most")(
        [given, given]
    )
    assert said["most"].dtype == "int64"
    network = keras.Model(given, said)
    np.testing.assert_array_equal(network(np.array([[1.0, 5.0, 2.0]], np.float32))["most"], [1])


def test_it_works_in_float32_whatever_the_policy():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        step = Step(lambda values: values, name="as_it_is")
        # 301 is no bfloat16: the nearest are 300 and 302.
        assert step([tf.constant([301.0])]).numpy() == 301.0
    finally:
        keras.config.set_dtype_policy(before)
