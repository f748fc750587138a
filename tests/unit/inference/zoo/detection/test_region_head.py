import numpy as np

from inference.zoo.detection.region_head import region_head


def test_every_anchor_of_any_grid_has_its_answers():
    head = region_head(8, 3)
    for rows, columns in ((4, 6), (2, 3)):
        said = head(np.zeros((2, rows, columns, 8), np.float32))
        assert said["objectness"].shape == (2, rows * columns * 3)
        assert said["codes"].shape == (2, rows * columns * 3, 4)


def test_answers_come_in_the_order_of_the_anchors():
    head = region_head(1, 2)
    shared, objectness, codes = sorted(
        (layer for layer in head.layers if layer.weights), key=lambda layer: layer.filters
    )
    shared.set_weights([np.eye(3)[1][:, None, None, None] * np.eye(3)[1][None, :, None, None], np.zeros(1)])
    objectness.set_weights([np.full((1, 1, 1, 2), 1.0), np.array([0.0, 0.5])])
    codes.set_weights([np.eye(8)[:1].reshape(1, 1, 1, 8), np.arange(8.0)])
    grid = np.arange(6.0, dtype=np.float32).reshape(1, 2, 3, 1)
    said = head(grid)
    # Cells along columns, then rows; in each cell its anchors.
    np.testing.assert_allclose(said["objectness"][0], np.repeat(np.arange(6.0), 2) + np.tile([0.0, 0.5], 6))
    np.testing.assert_allclose(said["codes"][0, :2], [[0, 1, 2, 3], [4, 5, 6, 7]])
    np.testing.assert_allclose(said["codes"][0, ::2, 0], np.arange(6.0))
