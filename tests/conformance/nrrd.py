"""The volumes that dcmqi writes (NRRD, teem.sourceforge.net/nrrd/format.html)."""

import gzip
import re
from pathlib import Path

import numpy as np

TYPES = {
    "short": "<i2",
    "unsigned short": "<u2",
    "ushort": "<u2",
    "float": "<f4",
    "unsigned char": "u1",
    "uchar": "u1",
}


def read_nrrd(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """The voxels, first axis slowest, and the (4, 4) affine from their index to LPS mm."""
    header, _, body = path.read_bytes().partition(b"\n\n")
    fields = dict(line.split(": ", 1) for line in header.decode().splitlines() if ": " in line)
    assert fields["space"] == "left-posterior-superior", fields["space"]
    data = gzip.decompress(body) if fields["encoding"] in ("gzip", "gz") else body
    sizes = [int(each) for each in fields["sizes"].split()]
    voxels = np.frombuffer(data, TYPES[fields["type"]]).reshape(sizes[::-1])
    affine = np.eye(4)
    affine[:3, :3] = np.array(_vectors(fields["space directions"]))[::-1].T
    affine[:3, 3] = _vectors(fields["space origin"])[0]
    return voxels, affine


def _vectors(text: str) -> list[list[float]]:
    return [[float(each) for each in group.split(",")] for group in re.findall(r"\(([^)]*)\)", text)]
