import keras
import numpy as np
import pytest

from inference.zoo.classifier import classifier
from inference.zoo.freezing import freeze


def test_names_and_shapes():
    network = classifier("MobileNetV3Small", rows=64, columns=96, classes=3)
    assert network.input["image"].shape == (None, 64, 96, 1)
    assert network.output["probabilities"].shape == (None, 3)


def test_one_weight_for_each_feature_and_class_is_all_that_is_added():
    network = classifier("MobileNetV3Small", rows=64, columns=64, classes=2)
    assert network.count_params() - network.get_layer("backbone").count_params() == (576 + 1) * 2


def test_with_the_backbone_frozen_the_last_layer_learns_and_nothing_else():
    keras.utils.set_random_seed(0)
    network = classifier("VGG16", rows=64, columns=64, classes=1, activation="sigmoid", dropout=0.1)
    freeze(network, "backbone")
    kept = [np.array(value) for value in network.get_layer("backbone").variables]
    network.compile(keras.optimizers.Adam(0.05), "binary_crossentropy")
    images = np.repeat(np.array([0.1, 0.9], np.float32), 4)[:, None, None, None] * np.ones(
        (64, 64, 1), np.float32
    )
    labels = {"probabilities": np.repeat([0.0, 1.0], 4)[:, None]}
    losses = network.fit({"image": images}, labels, batch_size=8, epochs=5, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    for before, after in zip(kept, network.get_layer("backbone").variables, strict=True):
        np.testing.assert_array_equal(before, after)


def test_a_softmax_of_one_class_is_refused():
    with pytest.raises(ValueError, match="at least two classes"):
        classifier("MobileNetV3Small", classes=1)
