import numpy as np
import pytest

from inference.errors import PackageInvalid
from inference.package.arrays import read_arrays


def test_reads_what_was_asked_for(tmp_path):
    np.savez(tmp_path / "a.npz", pixels=np.eye(2, dtype=np.float32), other=np.zeros(1))
    arrays = read_arrays(tmp_path / "a.npz", {"pixels": (2, "f")})
    assert list(arrays) == ["pixels"]
    assert arrays["pixels"].tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros(3, np.float32), "with 1 dimensions, expected 2"),
        (np.zeros((2, 2), np.int16), "int16"),
        (np.zeros((0, 2), np.float32), "expected 2"),
    ],
)
def test_another_shape_or_kind_is_refused(tmp_path, array, sentence):
    np.savez(tmp_path / "a.npz", pixels=array)
    with pytest.raises(PackageInvalid, match=sentence):
        read_arrays(tmp_path / "a.npz", {"pixels": (2, "f")})


def test_an_absent_array_is_named(tmp_path):
    np.savez(tmp_path / "a.npz", other=np.zeros(1))
    with pytest.raises(PackageInvalid, match="no array 'pixels'"):
        read_arrays(tmp_path / "a.npz", {"pixels": (2, "f")})


def test_pickled_objects_are_not_opened(tmp_path):
    np.savez(tmp_path / "a.npz", pixels=np.array([{"run": "me"}], dtype=object))
    with pytest.raises(PackageInvalid, match="no readable"):
        read_arrays(tmp_path / "a.npz", {"pixels": (1, "O")})


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"no archive"])
def test_garbage_is_refused(tmp_path, content):
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(PackageInvalid, match="no readable"):
        read_arrays(tmp_path / "a.npz", {"pixels": (2, "f")})


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PackageInvalid, match="is missing"):
        read_arrays(tmp_path / "a.npz", {"pixels": (2, "f")})
