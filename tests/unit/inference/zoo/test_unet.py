import numpy as np
import pytest

from inference.zoo.unet import unet


@pytest.mark.parametrize(("base", "parameters"), [(64, 31_030_593), (16, 1_940_817)])
def test_width_gives_the_parameters_of_the_paper(base, parameters):
    assert unet(base=base).count_params() == parameters


def test_input_and_output_have_their_names_and_shapes():
    network = unet(rows=32, columns=64, channels=2, classes=3, base=2, depth=2)
    assert set(network.input) == {"image"}
    assert set(network.output) == {"probabilities"}
    assert network.input["image"].shape == (None, 32, 64, 2)
    assert network.output["probabilities"].shape == (None, 32, 64, 3)


@pytest.mark.parametrize("normalisation", [None, "group"])
def test_output_is_a_probability_for_each_pixel(normalisation):
    network = unet(rows=32, columns=32, base=4, depth=2, normalisation=normalisation, dropout=0.2)
    images = np.random.default_rng(0).normal(0.0, 50.0, (2, 32, 32, 1)).astype(np.float32)
    probabilities = network({"image": images})["probabilities"].numpy()
    assert probabilities.shape == (2, 32, 32, 1)
    assert probabilities.min() >= 0.0
    assert probabilities.max() <= 1.0
    assert probabilities.std() > 0.0


def test_group_normalisation_adds_two_parameters_for_each_filter():
    plain, normalised = (unet(rows=32, columns=32, base=4, depth=1, normalisation=n) for n in (None, "group"))
    assert normalised.count_params() - plain.count_params() == 2 * (4 + 4 + 8 + 8 + 4 + 4)


def test_batch_does_not_change_an_image_with_group_normalisation():
    network = unet(rows=32, columns=32, base=4, depth=2, normalisation="group")
    images = np.random.default_rng(1).random((3, 32, 32, 1)).astype(np.float32)
    together = network({"image": images})["probabilities"].numpy()
    alone = network({"image": images[1:2]})["probabilities"].numpy()
    np.testing.assert_allclose(together[1:2], alone, atol=1e-5)


def test_size_that_cannot_be_halved_is_refused():
    with pytest.raises(ValueError, match="multiples of 16"):
        unet(rows=250, columns=256)
