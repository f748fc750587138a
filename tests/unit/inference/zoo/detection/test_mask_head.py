import numpy as np

from inference.zoo.detection.mask_head import mask_head


def test_the_grid_doubles_and_each_class_has_a_map():
    head = mask_head(bins=5, channels=4, classes=3)
    assert head(np.zeros((7, 5, 5, 4), np.float32)).shape == (7, 10, 10, 3)


def test_there_are_four_convolutions_before_the_grid_doubles():
    kinds = [type(layer).__name__ for layer in mask_head(bins=5, channels=4, classes=3).layers[1:]]
    assert kinds == ["Conv2D"] * 4 + ["Conv2DTranspose", "Conv2D"]
