"""Reading the .npz files of a package: named arrays of a declared kind, never pickled objects.

Sizes are added up from the archive's directory and each array's header before anything is unpacked: a file of a
few kilobytes that unpacks to gigabytes is refused for what it says of itself, and held to what it said.
"""

import math
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from inference.errors import PackageInvalid

Expected = Mapping[str, tuple[int | tuple[int, ...], str]]
"""Array name -> (number of dimensions, or those allowed; kinds of numpy dtype that are allowed)."""

MOST_BYTES = 256 * 1024 * 1024
"""Of all arrays of a file that are read, unpacked."""
MOST_MEMBERS = 64

_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What numpy writes. The others unpack a whole block at once, however large."""
_DAMAGE = (
    OSError,
    ValueError,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_arrays(
    path: Path, expected: Expected, *, may_lack: Collection[str] = ()
) -> dict[str, npt.NDArray[Any]]:
    """Read the expected arrays from ``path``, those of ``may_lack`` where they are there.

    Raises PackageInvalid naming the array that is not as expected.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _require_small(path, archive)
            present = {info.filename.removesuffix(".npy") for info in archive.infolist()}
            wanted = [name for name in expected if name in present or name not in may_lack]
            return {name: _array(path, archive, name, *expected[name]) for name in wanted}
    except FileNotFoundError:
        raise PackageInvalid(f"{path} is missing") from None
    except _DAMAGE as error:
        raise PackageInvalid(f"{path} is no readable .npz file: {error}") from None


def _require_small(path: Path, archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(info.file_size for info in members) > MOST_BYTES:
        raise PackageInvalid(
            f"{path} unpacks to more than {MOST_BYTES} bytes or {MOST_MEMBERS} arrays; make it smaller"
        )
    strange = [info.filename for info in members if info.compress_type not in _PLAIN]
    if strange:
        raise PackageInvalid(
            f"{path} holds {strange[0]!r}, packed in another way than numpy's; write it anew"
        )


def _array(
    path: Path, archive: zipfile.ZipFile, name: str, dimensions: int | tuple[int, ...], kinds: str
) -> npt.NDArray[Any]:
    if f"{name}.npy" not in archive.namelist():
        raise PackageInvalid(f"{path} holds no array '{name}'")
    info = archive.getinfo(f"{name}.npy")
    with archive.open(info) as member:
        shape, dtype = _header(member)
        allowed = (dimensions,) if isinstance(dimensions, int) else dimensions
        if 0 in shape:
            raise PackageInvalid(f"{path}: '{name}' is empty")
        if len(shape) not in allowed or dtype.kind not in kinds:
            raise PackageInvalid(
                f"{path}: '{name}' is {dtype} with {len(shape)} dimensions, "
                f"expected {' or '.join(map(str, allowed))} of kind {kinds}"
            )
        if member.tell() + math.prod(shape) * dtype.itemsize != info.file_size:
            raise PackageInvalid(f"{path}: '{name}' is not as long as its own header says")
    with archive.open(info) as member:
        array: npt.NDArray[Any] = npy.read_array(member, allow_pickle=False)
    return array


def _header(member: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = npy.read_magic(member)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = read(member)
    if dtype.hasobject:
        raise ValueError("an array holds Python objects, which are never unpacked")
    return shape, dtype
