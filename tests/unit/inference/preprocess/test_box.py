import numpy as np

from inference.preprocess.box import Cutting, Frame, put_in


def test_a_frame_is_cut_off_again():
    frame = Frame(corner=(1, 2), inside=(3, 2))
    grid = np.arange(30, dtype=np.uint8).reshape(5, 6)
    assert frame.labels(grid).tolist() == [[8, 9], [14, 15], [20, 21]]
    assert np.array_equal(frame.maps(grid[..., None].astype(np.float32))[..., 0], grid[1:4, 2:4])


def test_boxes_are_counted_from_the_corner_and_cut_to_the_image():
    frame = Frame(corner=(1, 2), inside=(3, 2))
    assert frame.boxes(np.array([[0, 3, 3, 9]], np.float32)).tolist() == [[0, 1, 2, 2]]


def test_what_was_cut_off_comes_back_as_background():
    cutting = Cutting(corner=(1, 2), around=(3, 5))
    assert cutting.labels(np.full((1, 2), 4, np.uint8)).tolist() == [[0] * 5, [0, 0, 4, 4, 0], [0] * 5]
    maps = cutting.maps(np.ones((1, 2, 3), np.float32))
    assert (maps.shape, maps.dtype, maps.sum()) == ((3, 5, 3), np.float32, 6)
    assert cutting.boxes(np.array([[0, 0, 1, 2]], np.float32)).tolist() == [[1, 2, 2, 4]]


def test_put_in_writes_into_what_it_was_given():
    whole = np.zeros(4)
    assert put_in(whole, np.ones(2), (1,)) is whole
    assert whole.tolist() == [0, 1, 1, 0]
