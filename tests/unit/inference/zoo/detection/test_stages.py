import numpy as np

from inference.zoo.detection.stages import stages


def test_features_lie_on_the_grids_asked_for_with_filters_that_double():
    network = stages(rows=64, columns=32, channels=2, base=4, strides=(4, 8, 16))
    assert [grid.shape for grid in network.outputs] == [(None, 16, 8, 16), (None, 8, 4, 32), (None, 4, 2, 64)]
    assert network.input_shape == (None, 64, 32, 2)
    assert network.name == "backbone"


def test_an_image_is_seen_alike_in_any_company():
    network = stages(rows=16, columns=16, channels=1, base=3, strides=(2,))
    images = np.random.default_rng(0).normal(size=(3, 16, 16, 1)).astype(np.float32)
    together, alone = network(images, training=True), network(images[1:2], training=True)
    np.testing.assert_allclose(together[1:2], alone, atol=1e-5)
