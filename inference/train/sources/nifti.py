"""NIfTI-1 volumes, as research data comes: voxels and their place in the patient.

The header's fields are those of nifti1.h (NIfTI-1 Data Format, 2007). Its coordinates grow towards right, anterior
and head; DICOM's towards left, posterior and head.
"""

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.errors import TrainingRefused
from inference.preprocess.field import Field

_HEADER_BYTES = 348
_TYPES = {
    2: "u1",
    4: "i2",
    8: "i4",
    16: "f4",
    64: "f8",
    256: "i1",
    512: "u2",
    768: "u4",
    1024: "i8",
    1280: "u8",
}
_RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def is_nifti(path: Path) -> bool:
    """By its name."""
    return path.name.endswith((".nii", ".nii.gz"))


def read_nifti(path: Path) -> Field:
    """(slices, rows, columns) float32 with its affine in DICOM's coordinates, after slope and intercept.

    Slices, rows and columns are the file's third, second and first index. Raises TrainingRefused for what is no
    NIfTI-1 volume in one file, and for one that does not say where it lies.
    """
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError, zlib.error) as error:
        raise TrainingRefused(f"{path} cannot be read ({type(error).__name__}); replace it") from None
    if len(content) < _HEADER_BYTES or content[344:347] != b"n+1":
        raise TrainingRefused(f"{path} is no NIfTI-1 volume in one file; convert it")
    order = "<" if struct.unpack_from("<i", content)[0] == _HEADER_BYTES else ">"
    voxels = _voxels(content, order, path)
    affine = _RAS_TO_LPS @ _affine(content, order, path)
    return Field(values=voxels, affine=affine[:, [2, 1, 0, 3]])


def _voxels(content: bytes, order: str, path: Path) -> npt.NDArray[np.float32]:
    sizes = _unpack(content, order, "8h", 40)
    columns, rows, slices = sizes[1:4]
    (kind,) = _unpack(content, order, "h", 70)
    start, slope, intercept = _unpack(content, order, "3f", 108)
    if not 3 <= sizes[0] <= 4 or min(columns, rows, slices) < 1 or (sizes[0] == 4 and sizes[4] > 1):
        raise TrainingRefused(f"{path} is no single volume; give files with three dimensions")
    if kind not in _TYPES:
        raise TrainingRefused(
            f"{path} has voxels of NIfTI type {kind}, which are not plain numbers; convert it"
        )
    count = columns * rows * slices
    dtype = np.dtype(order + _TYPES[kind])
    if len(content) < int(start) + count * dtype.itemsize:
        raise TrainingRefused(f"{path} is cut off; replace it")
    values = (
        np.frombuffer(content, dtype, count, int(start)).reshape(slices, rows, columns).astype(np.float32)
    )
    return values if slope in (0.0, 1.0) and intercept == 0.0 else values * (slope or 1.0) + intercept


def _affine(content: bytes, order: str, path: Path) -> npt.NDArray[np.float64]:
    """(column, row, slice, 1) to the file's own coordinates: the sform where it is given, else the qform."""
    by_quaternion, by_matrix = _unpack(content, order, "2h", 252)
    if by_matrix > 0:
        rows = np.array(_unpack(content, order, "12f", 280)).reshape(3, 4)
        return np.vstack([rows, [0.0, 0.0, 0.0, 1.0]])
    if by_quaternion > 0:
        return _from_quaternion(content, order)
    raise TrainingRefused(f"{path} does not say where its voxels lie (no sform, no qform); convert it anew")


def _from_quaternion(content: bytes, order: str) -> npt.NDArray[np.float64]:
    handed, *spacing = _unpack(content, order, "4f", 76)
    b, c, d, *origin = _unpack(content, order, "6f", 256)
    a = np.sqrt(max(0.0, 1.0 - b * b - c * c - d * d))
    rotation = np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
    )
    affine = np.eye(4)
    affine[:3, :3] = rotation * (np.array(spacing) * [1.0, 1.0, -1.0 if handed < 0 else 1.0])
    affine[:3, 3] = origin
    return affine


def _unpack(content: bytes, order: str, layout: str, offset: int) -> tuple[Any, ...]:
    return struct.unpack_from(order + layout, content, offset)
