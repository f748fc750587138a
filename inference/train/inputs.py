"""What a package is packed with: a DICOM instance, a series, or an array, as the field preprocessing starts from."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from inference.errors import InputUnreadable
from inference.package.arrays import read_arrays
from inference.package.golden import INPUT, affine_in
from inference.package.input import Input
from inference.preprocess.field import Field
from inference.volume.instance import read_instance
from inference.volume.pixels import read_pixels
from inference.volume.series import read_volume


def read_input(path: Path, wanted: Input) -> Field:
    """One input of the package's kind.

    ``path`` is an instance, a folder with one series, or an .npz with ``pixels`` (rows, columns) or (slices, rows,
    columns) in the MONOCHROME2 sense after the Modality LUT, a volume with its ``affine`` (4, 4).
    Raises InputUnreadable, GeometryRefused and, for an .npz, PackageInvalid.
    """
    if path.suffix == ".npz":
        return _from_arrays(path)
    if wanted.each == "instance":
        return Field(values=read_pixels(read_instance(_only_file(path))), affine=None)
    volume = read_volume(_files(path))
    return Field(values=volume.voxels, affine=volume.affine)


def read_inputs(folder: Path, wanted: Input) -> Iterator[Field]:
    """Every input in ``folder``: its files, or, where the package reads series, its .npz files and subfolders."""
    entries = sorted(folder.iterdir())
    if wanted.each == "series" and not any(entry.is_dir() or entry.suffix == ".npz" for entry in entries):
        entries = [folder] if entries else []
    if not entries:
        raise InputUnreadable(f"{folder} holds no input to learn the envelope from")
    for entry in entries:
        yield read_input(entry, wanted)


def _from_arrays(path: Path) -> Field:
    arrays = read_arrays(path, INPUT, may_lack=("affine",))
    return Field(values=arrays["pixels"].astype(np.float32), affine=affine_in(arrays, path))


def _only_file(path: Path) -> Path:
    files = _files(path)
    if len(files) != 1:
        raise InputUnreadable(f"{path} holds {len(files)} files; the package reads one instance, so name one")
    return files[0]


def _files(path: Path) -> list[Path]:
    return sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
