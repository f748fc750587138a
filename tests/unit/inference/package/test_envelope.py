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
