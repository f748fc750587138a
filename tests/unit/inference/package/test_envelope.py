import numpy as np
import pytest

from inference.errors import PackageInvalid
from inference.package.envelope import read_envelope


def _write(folder, percentiles, lowest, highest):
    np.savez(folder / "envelope.npz", percentiles=percentiles, lowest=lowest, highest=highest)


def test_reads_limits(tmp_path):
    _write(tmp_path, [5.0, 95.0], [0.0, 0.6], [0.2, 1.0])
    envelope = read_envelope(tmp_path)
    assert envelope.percentiles.tolist() == [5.0, 95.0]
    assert envelope.highest.dtype == np.float32


def test_a_package_may_have_none(tmp_path):
    assert read_envelope(tmp_path) is None


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        (([50.0], [0.1, 0.2], [1.0]), "differ in length"),
        (([101.0], [0.1], [1.0]), "between 0 and 100"),
        (([50.0], [0.9], [0.1]), "above its highest"),
        (([50.0], [np.nan], [0.1]), "above its highest"),
    ],
)
def test_limits_that_make_no_sense_are_refused(tmp_path, arrays, sentence):
    _write(tmp_path, *arrays)
    with pytest.raises(PackageInvalid, match=sentence):
        read_envelope(tmp_path)


def _write_thumbnails(folder, thumbnails, least_alike=0.5):
    limits = {"percentiles": [50.0], "lowest": [0.0], "highest": [1.0]}
    np.savez(folder / "envelope.npz", thumbnails=thumbnails, least_alike=np.float32(least_alike), **limits)


def _thumbnails(*shape):
    values = np.random.default_rng(0).normal(size=shape)
    flat = values.reshape(len(values), -1)
    return (flat / np.linalg.norm(flat, axis=1, keepdims=True)).reshape(shape).astype(np.float32)


@pytest.mark.parametrize("shape", [(5, 8, 8), (5, 8, 8, 8)])
def test_reads_thumbnails(tmp_path, shape):
    _write_thumbnails(tmp_path, _thumbnails(*shape))
    envelope = read_envelope(tmp_path)
    assert envelope.thumbnails.shape == shape
    assert envelope.least_alike == 0.5


def test_without_thumbnails_no_likeness_is_asked_for(tmp_path):
    _write(tmp_path, [50.0], [0.0], [1.0])
    envelope = read_envelope(tmp_path)
    assert (envelope.thumbnails, envelope.least_alike) == (None, -1.0)


@pytest.mark.parametrize(
    ("thumbnails", "least_alike", "sentence"),
    [
        (_thumbnails(5, 8, 9), 0.5, "8 points along each axis"),
        (_thumbnails(513, 8, 8), 0.5, "at most 512"),
        (_thumbnails(5, 8, 8) * 2, 0.5, "has the norm 1"),
        (_thumbnails(5, 8, 8) * np.nan, 0.5, "has the norm 1"),
        (_thumbnails(5, 8, 8), 1.5, "least_alike lies between"),
        (_thumbnails(5, 8, 8), np.nan, "least_alike lies between"),
    ],
)
def test_thumbnails_that_make_no_sense_are_refused(tmp_path, thumbnails, least_alike, sentence):
    _write_thumbnails(tmp_path, thumbnails, least_alike)
    with pytest.raises(PackageInvalid, match=sentence):
        read_envelope(tmp_path)
