import numpy as np
import pytest

from inference.zoo.cnn import cnn


def test_has_the_parameters_that_the_layers_add_up_to():
    convolutions = (9 * 3 + 1) * 32 + (9 * 32 + 1) * 64 + (9 * 64 + 1) * 64
    assert convolutions + (52 * 52 * 64 + 1) * 64 + 65 * 10 == 11_132_618
    assert cnn().count_params() == 11_132_618


def test_layers_follow_each_other_as_named():
    kinds = [type(layer).__name__ for layer in cnn(rows=32, columns=32).layers[1:]]
    assert kinds == [
        "Conv2D",
        "MaxPooling2D",
        "Conv2D",
        "MaxPooling2D",
        "Conv2D",
        "Flatten",
        "Dense",
        "Dense",
    ]


def test_names_and_shapes():
    network = cnn(rows=32, columns=40, channels=1, classes=4)
    assert network.input["image"].shape == (None, 32, 40, 1)
    assert network.output["probabilities"].shape == (None, 4)


@pytest.mark.parametrize(("activation", "sums_to_one"), [("softmax", True), ("sigmoid", False)])
def test_probabilities_compete_only_under_a_softmax(activation, sums_to_one):
    network = cnn(rows=18, columns=18, channels=1, classes=3, activation=activation)
    images = np.random.default_rng(0).normal(0.0, 5.0, (4, 18, 18, 1)).astype(np.float32)
    probabilities = network({"image": images})["probabilities"].numpy()
    assert probabilities.min() >= 0.0
    assert probabilities.max() <= 1.0
    assert np.allclose(probabilities.sum(axis=1), 1.0) is sums_to_one


def test_an_image_too_small_is_refused():
    with pytest.raises(ValueError, match="at least 18"):
        cnn(rows=17, columns=64)


@pytest.mark.parametrize(("classes", "activation"), [(1, "softmax"), (0, "sigmoid")])
def test_too_few_classes_are_refused(classes, activation):
    with pytest.raises(ValueError, match="at least two classes"):
        cnn(rows=32, columns=32, classes=classes, activation=activation)
