import numpy as np

from inference.package.steps import CropToBody
from inference.preprocess.crop_to_body import crop_to_body
from inference.preprocess.field import Field


def _body():
    values = np.full((10, 20, 30), -1000, np.float32)
    values[2:8, 5:15, 6:20] = 40
    values[2:8, 18, 2:28] = 300  # the table
    values[0, 0, 0] = 300  # noise, before the body
    return values


def _crop(values, affine=None, margin=0):
    step = CropToBody(step="crop_to_body", above=-500, margin=margin)
    return crop_to_body(Field(values=values, affine=affine), step)


def test_the_body_stays_and_the_table_goes():
    field = _crop(_body()).field
    assert field.values.shape == (6, 10, 14)
    assert (field.values == 40).all()


def test_the_margin_stays_within_the_volume():
    assert _crop(_body(), margin=3).field.values.shape == (10, 16, 20)


def test_the_way_back_puts_everything_where_it_was():
    values = _body()
    prepared = _crop(values, margin=1)
    back = prepared.undo.labels((prepared.field.values == 40).astype(np.uint8))
    assert np.array_equal(back, values == 40)


def test_the_place_goes_with_it():
    affine = np.diag([3.0, 0.7, 0.7, 1.0])
    assert np.allclose(_crop(_body(), affine).field.affine[:3, 3], [2 * 3.0, 5 * 0.7, 6 * 0.7])


def test_an_image_is_cropped_too():
    assert _crop(_body()[4]).field.values.shape == (10, 14)


def test_where_nothing_is_bright_all_is_kept():
    values = np.full((4, 5), -1000, np.float32)
    prepared = _crop(values)
    assert prepared.field.values.shape == (4, 5)
    assert prepared.undo.labels(np.ones((4, 5), np.uint8)).all()
