"""NIfTI-1 files for tests, from the voxels and the affine they shall have (nifti1.h)."""

import gzip
import struct

import numpy as np


def write_nifti(
    path,
    voxels,
    affine=None,
    *,
    kind=4,
    dtype="<i2",
    order="<",
    slope=0.0,
    intercept=0.0,
    sform=1,
    qform=0,
    magic=b"n+1\0",
):
    """``voxels`` (i, j, k), the file's first index first; ``affine`` (4, 4) in its own coordinates (RAS)."""
    affine = np.eye(4) if affine is None else np.asarray(affine, float)
    header = bytearray(352)
    struct.pack_into(f"{order}i", header, 0, 348)
    struct.pack_into(f"{order}8h", header, 40, 3, *voxels.shape, 1, 1, 1, 1)
    struct.pack_into(f"{order}h", header, 70, kind)
    struct.pack_into(f"{order}8f", header, 76, -1.0, *np.linalg.norm(affine[:3, :3], axis=0), 0, 0, 0, 0)
    struct.pack_into(f"{order}3f", header, 108, 352.0, slope, intercept)
    struct.pack_into(f"{order}2h", header, 252, qform, sform)
    # A turn by 180 degrees about the first axis, with the third mirrored: b = 1.
    struct.pack_into(f"{order}6f", header, 256, 1.0, 0.0, 0.0, *affine[:3, 3])
    struct.pack_into(f"{order}12f", header, 280, *affine[:3].reshape(-1))
    header[344:348] = magic
    content = bytes(header) + np.asarray(voxels).astype(dtype).tobytes(order="F")
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path
