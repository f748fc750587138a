import numpy as np

from inference.encode.encoding import DEFAULT, Encoding
from inference.encode.segment_sets import sets_of_image, sets_of_volume


def _layers(*boxes, size=(16, 16)):
    layers = np.zeros((*size, len(boxes)), np.uint8)
    for k, (first, last) in enumerate(boxes):
        layers[first:last, 2:6, k] = 1
    return layers


def _present(*counts, slices=10):
    """(slices, segments): the k-th is on the first so many slices."""
    return np.arange(slices)[:, np.newaxis] < np.array(counts)


def test_what_does_not_overlap_shares_an_instance():
    assert sets_of_image(_layers((0, 4), (4, 8), (8, 12)), DEFAULT) == ((0, 1, 2),)


def test_what_overlaps_is_kept_apart():
    assert sets_of_image(_layers((0, 5), (4, 8), (8, 12)), DEFAULT) == ((0, 2), (1,))
    assert sets_of_image(_layers((0, 9), (0, 9), (0, 9)), DEFAULT) == ((0,), (1,), (2,))


def test_one_that_was_not_found_is_in_none():
    assert sets_of_image(_layers((0, 4), (4, 4), (8, 12)), DEFAULT) == ((0, 2),)
    assert sets_of_volume(_present(3, 0, 2), DEFAULT) == ((0, 2),)
    assert sets_of_volume(_present(0, 0), DEFAULT) == ()


def test_frames_that_do_not_end_on_a_byte_are_alone():
    layers = _layers((0, 4), (4, 8), size=(15, 15))
    assert sets_of_image(layers, DEFAULT) == ((0,), (1,))
    assert sets_of_image(layers, Encoding(form="LABELMAP")) == ((0, 1),)


def test_no_more_frames_than_asked():
    assert sets_of_image(_layers((0, 4), (4, 8), (8, 12)), Encoding(most_frames=2)) == ((0, 1), (2,))
    assert sets_of_volume(_present(3, 4, 5, 1), Encoding(most_frames=8)) == ((0, 1), (2, 3))


def test_a_label_map_has_a_frame_for_each_slice_and_an_image_one():
    labelmap = Encoding(form="LABELMAP", most_frames=5)
    assert sets_of_volume(_present(3, 4, 5, 1), labelmap) == ((0, 1, 2, 3),)
    assert sets_of_volume(_present(3, 6, 5), labelmap) == ((0,), (1,), (2,))
    assert sets_of_image(_layers((0, 4), (4, 8)), Encoding(form="LABELMAP", most_frames=1)) == ((0, 1),)


def test_a_segment_with_more_frames_stays_whole():
    assert sets_of_volume(_present(1, 9, 1), Encoding(most_frames=5)) == ((0,), (1,), (2,))
