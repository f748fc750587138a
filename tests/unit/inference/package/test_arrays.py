import io
import pickle
import tracemalloc
import zipfile
from pathlib import Path

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
        (np.zeros((0, 2), np.float32), "is empty"),
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


def _npy(array=None, *, header=None):
    """The bytes of an .npy file, or of its header alone with another shape."""
    buffer = io.BytesIO()
    if header is None:
        np.save(buffer, array)
    else:
        np.lib.format.write_array_header_1_0(buffer, header)
    return buffer.getvalue()


def _archive(path, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_bomb_of_zeros_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "a.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("pixels.npy", "w") as member,
    ):
        header = {"descr": "|u1", "fortran_order": False, "shape": (300 * 1024, 1024)}
        np.lib.format.write_array_header_1_0(member, header)
        for _ in range(300):
            member.write(bytes(1024 * 1024))
    assert path.stat().st_size < 1024 * 1024
    tracemalloc.start()
    with pytest.raises(PackageInvalid, match="unpacks to more than"):
        read_arrays(path, {"pixels": (2, "u")})
    assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    tracemalloc.stop()


def test_a_bomb_beside_what_is_asked_for_counts_too(tmp_path):
    members = {f"{number}.npy": b"" for number in range(65)}
    with pytest.raises(PackageInvalid, match="or 64 arrays"):
        read_arrays(_archive(tmp_path / "a.npz", members), {"pixels": (2, "f")})


@pytest.mark.parametrize("shape", [(1_000_000, 1_000_000), (2, 3), (2**62, 4)])
def test_a_header_that_lies_about_the_shape_is_refused_before_memory_is_taken(tmp_path, shape):
    header = {"descr": "<f4", "fortran_order": False, "shape": shape}
    path = _archive(tmp_path / "a.npz", {"pixels.npy": _npy(header=header) + bytes(16)})
    tracemalloc.start()
    with pytest.raises(PackageInvalid, match="not as long as its own header says"):
        read_arrays(path, {"pixels": (2, "f")})
    assert tracemalloc.get_traced_memory()[1] < 1024 * 1024
    tracemalloc.stop()


def test_a_pickle_is_not_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "executed",))

    trap = np.empty(1, object)
    trap[0] = Trap()
    np.savez(tmp_path / "a.npz", pixels=trap)
    with pytest.raises(PackageInvalid, match="never unpacked"):
        read_arrays(tmp_path / "a.npz", {"pixels": (1, "O")})
    bare = _archive(tmp_path / "b.npz", {"pixels.npy": pickle.dumps(Trap())})
    with pytest.raises(PackageInvalid, match="no readable"):
        read_arrays(bare, {"pixels": (1, "O")})
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_another_packing_is_refused(tmp_path, method):
    path = _archive(tmp_path / "a.npz", {"pixels.npy": _npy(np.zeros((2, 2), np.float32))}, method)
    with pytest.raises(PackageInvalid, match="another way than numpy's"):
        read_arrays(path, {"pixels": (2, "f")})


def test_a_damaged_stream_is_refused(tmp_path):
    rng = np.random.default_rng(0)
    path = _archive(tmp_path / "a.npz", {"pixels.npy": _npy(rng.random((40, 40)).astype(np.float32))})
    content = bytearray(path.read_bytes())
    content[2000:2100] = bytes(100)
    path.write_bytes(content)
    with pytest.raises(PackageInvalid, match="no readable"):
        read_arrays(path, {"pixels": (2, "f")})


def test_what_may_lack_may_lack(tmp_path):
    np.savez(tmp_path / "a.npz", pixels=np.eye(2))
    arrays = read_arrays(
        tmp_path / "a.npz", {"pixels": ((2, 3), "f"), "affine": (2, "f")}, may_lack=("affine",)
    )
    assert set(arrays) == {"pixels"}
