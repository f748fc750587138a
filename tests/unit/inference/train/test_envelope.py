import numpy as np
import pytest

from inference.gate.layout import likeness, thumbnail_of
from inference.package.envelope import read_envelope
from inference.package.steps import MinMax, Pad
from inference.preprocess.field import Field
from inference.train.envelope import (
    FEW_MARGIN,
    LEAST_THUMBNAILS,
    LIKENESS_MARGIN,
    MARGIN,
    PERCENTILES,
    formats,
    write_envelope,
)

STEPS = [MinMax(step="min_max"), Pad(step="pad", to="square")]
MIDDLE = PERCENTILES.index(50)


def _fields(count, shape=(60, 60)):
    rng = np.random.default_rng(0)
    ramp = np.linspace(0, 1, shape[-1], dtype=np.float32)
    affine = np.eye(4) if len(shape) == 3 else None
    pictures = (
        rng.random(shape).astype(np.float32) * 0.2 + ramp ** rng.uniform(0.5, 2) for _ in range(count)
    )
    return [Field(values=picture.astype(np.float32), affine=affine) for picture in pictures]


def _written(tmp_path, fields, steps=STEPS):
    assert write_envelope(tmp_path / "envelope.npz", fields, steps) == len(fields)
    return read_envelope(tmp_path)


def test_each_picture_counts_upright_and_lying_too():
    picture = np.arange(100 * 50, dtype=np.float32).reshape(100, 50)
    whole, upright, lying = (field.values for field in formats(Field(values=picture, affine=None)))
    np.testing.assert_array_equal(whole, picture)
    np.testing.assert_array_equal(upright, picture[:, 5:45])
    np.testing.assert_array_equal(lying, picture[10:90])


def test_a_volume_counts_as_it_is():
    field = Field(values=np.zeros((3, 4, 5), np.float32), affine=np.eye(4))
    assert list(formats(field)) == [field]


@pytest.mark.parametrize(("count", "margin"), [(2, FEW_MARGIN), (LEAST_THUMBNAILS, MARGIN)])
def test_limits_hold_every_input_with_a_margin(tmp_path, count, margin):
    fields = _fields(count)
    envelope = _written(tmp_path, fields)
    assert tuple(envelope.percentiles) == PERCENTILES
    medians = [np.median(field.values) / field.values.max() for field in fields]
    assert envelope.lowest[MIDDLE] <= min(medians) - margin * 0.85
    assert envelope.highest[MIDDLE] >= max(medians) + margin * 0.85


def test_the_margin_follows_the_range_of_the_values(tmp_path):
    fields = [Field(values=1000 * field.values, affine=None) for field in _fields(LEAST_THUMBNAILS)]
    envelope = _written(tmp_path, fields, [])
    assert envelope.highest[MIDDLE] - envelope.lowest[MIDDLE] > 2 * MARGIN * 900


def test_of_few_inputs_no_layout_is_learnt(tmp_path):
    assert _written(tmp_path, _fields(LEAST_THUMBNAILS - 1)).thumbnails is None


@pytest.mark.parametrize("shape", [(60, 60), (12, 30, 40)])
def test_of_many_each_leaves_its_thumbnail(tmp_path, shape):
    fields = _fields(LEAST_THUMBNAILS, shape)
    envelope = _written(tmp_path, fields, [])
    assert envelope.thumbnails.shape == (LEAST_THUMBNAILS, *[8] * len(shape))
    assert envelope.thumbnails[3] == pytest.approx(thumbnail_of(fields[3].values, fields[3].affine))
    others = [
        likeness(each, np.delete(envelope.thumbnails, k, 0)) for k, each in enumerate(envelope.thumbnails)
    ]
    assert envelope.least_alike == pytest.approx(min(others) - LIKENESS_MARGIN, abs=1e-5)
