import keras
import numpy as np
import pytest
import tensorflow as tf

from inference.predict.operations import ALLOWED
from inference.zoo.group_normalisation import GroupNormalisation

SHAPE = (2, 4, 6, 5, 8)


def _twins(groups):
    """Keras' own layer and ours, with the same weights."""
    chance = np.random.default_rng(0)
    weights = [chance.normal(size=SHAPE[-1]).astype(np.float32) for _ in range(2)]
    twins = keras.layers.GroupNormalization(groups), GroupNormalisation(groups)
    for each in twins:
        each.build(SHAPE)
        each.set_weights(weights)
    return twins


def _volumes(mean=2.0):
    return np.random.default_rng(1).normal(mean, 3.0, SHAPE).astype(np.float32)


@pytest.mark.parametrize("groups", [1, 2, 4, 8])
def test_it_is_what_keras_own_layer_computes(groups):
    theirs, ours = _twins(groups)
    assert np.allclose(ours(_volumes()), theirs(_volumes()), atol=1e-5)


def test_its_gradients_are_those_of_keras_own_layer():
    found = []
    for layer in _twins(4):
        values = tf.Variable(_volumes())
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.sin(layer(values)))
        found.append(tape.gradient(loss, [values, *layer.trainable_variables]))
    for theirs, ours in zip(*found, strict=True):
        assert np.allclose(ours, theirs, atol=1e-4)


def test_an_image_of_one_value_becomes_the_shift():
    _, ours = _twins(4)
    assert np.allclose(ours(np.full(SHAPE, 5.0, np.float32)), ours.beta, atol=1e-2)


def test_each_image_is_normalised_by_itself():
    _, ours = _twins(4)
    both = np.asarray(ours(_volumes()))
    assert np.allclose(both[:1], ours(_volumes()[:1]), atol=1e-6)


def test_its_operations_are_among_those_a_package_may_have():
    _, ours = _twins(4)
    graph = tf.function(ours).get_concrete_function(tf.TensorSpec(SHAPE, tf.float32)).graph
    assert {operation.type for operation in graph.get_operations()} <= ALLOWED
