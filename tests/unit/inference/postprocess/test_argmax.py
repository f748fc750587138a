import numpy as np

from inference.package.steps import Argmax
from inference.postprocess.argmax import argmax, argmax_to_map

STEP = Argmax(step="argmax")
MAPS = np.array([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.1, 0.4, 0.5], [0, 0, 0]], np.float32)


def test_the_most_probable_segment_or_none():
    assert argmax_to_map(MAPS, STEP, (1, 2)).tolist() == [0, 1, 2, 0]


def test_segments_are_numbered_in_their_own_order():
    assert argmax_to_map(MAPS, STEP, (2, 1)).tolist() == [0, 2, 1, 0]


def test_a_channel_that_is_no_segments_wins_for_the_background():
    assert argmax_to_map(MAPS, STEP, (2,)).tolist() == [0, 0, 1, 0]


def test_where_the_network_did_not_look_is_background_whatever_the_first_channel_is():
    assert argmax_to_map(MAPS, STEP, (0, 1)).tolist() == [1, 2, 0, 0]


def test_of_an_image_each_segment_gets_its_layer():
    layers = argmax(MAPS[np.newaxis], STEP, (1, 2))
    assert layers.dtype == np.uint8
    assert layers.tolist() == [[[0, 0], [1, 0], [0, 1], [0, 0]]]
