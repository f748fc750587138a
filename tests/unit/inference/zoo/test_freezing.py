import keras
import numpy as np
import pytest
from keras import layers

from inference.zoo.faster_rcnn import faster_rcnn
from inference.zoo.freezing import freeze, unfreeze


@pytest.fixture
def network():
    inner = keras.Sequential(
        [
            keras.Input((4,)),
            layers.Dense(3, name="first"),
            layers.BatchNormalization(name="statistics"),
            layers.Dense(3, name="second"),
        ],
        name="backbone",
    )
    image = keras.Input((4,))
    body = keras.Model(image, inner(image), name="body")
    outer = keras.Input((4,))
    return keras.Model(outer, layers.Dense(2, name="own")(body(outer)))


def _learn(network):
    return {variable.path.split("/")[-2] for variable in network.trainable_variables}


def test_what_is_frozen_keeps_its_weights_wherever_it_lies(network):
    freeze(network, "backbone")
    assert _learn(network) == {"own"}


def test_what_is_let_go_learns_but_not_its_statistics(network):
    freeze(network, "backbone")
    unfreeze(network, "backbone")
    assert _learn(network) == {"first", "second", "own"}
    before = np.array(network.get_layer("body").get_layer("backbone").get_layer("statistics").moving_mean)
    network(np.ones((8, 4), np.float32), training=True)
    after = network.get_layer("body").get_layer("backbone").get_layer("statistics").moving_mean
    np.testing.assert_array_equal(before, after)


def test_only_what_comes_after_a_layer_is_let_go(network):
    freeze(network, "backbone")
    unfreeze(network, "backbone", from_layer="second")
    assert _learn(network) == {"second", "own"}


def test_the_parts_of_a_detector_share_what_is_frozen(small_design):
    rcnn = faster_rcnn(small_design, base=8)
    learnt = len(rcnn.first_stage.trainable_variables)
    freeze(rcnn.network, "backbone")
    held = len(rcnn.first_stage.get_layer("backbone").variables)
    assert held > 0
    assert len(rcnn.first_stage.trainable_variables) == learnt - held


def test_a_part_that_is_unknown_brings_those_that_are_known(network):
    with pytest.raises(ValueError, match=r"no part 'encoder'; it has .*body, own"):
        freeze(network, "encoder")


def test_a_layer_that_is_unknown_brings_the_last_ones(network):
    with pytest.raises(ValueError, match=r"'backbone' has no layer 'third'; its last are .*second"):
        unfreeze(network, "backbone", from_layer="third")
