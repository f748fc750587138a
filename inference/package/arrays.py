"""Reading the .npz files of a package: named arrays of a declared kind, never pickled objects."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.errors import PackageInvalid

Expected = Mapping[str, tuple[int, str]]
"""Array name -> (number of dimensions, kinds of numpy dtype that are allowed)."""


def read_arrays(path: Path, expected: Expected) -> dict[str, npt.NDArray[Any]]:
    """Read the expected arrays from ``path``; raises PackageInvalid naming the array that is not as expected."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: _array(path, archive, name, *expected[name]) for name in expected}
    except FileNotFoundError:
        raise PackageInvalid(f"{path} is missing") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise PackageInvalid(f"{path} is no readable .npz file: {error}") from None


def _array(path: Path, archive: Any, name: str, dimensions: int, kinds: str) -> npt.NDArray[Any]:
    if name not in archive:
        raise PackageInvalid(f"{path} holds no array '{name}'")
    array: npt.NDArray[Any] = archive[name]
    if array.ndim != dimensions or array.dtype.kind not in kinds or array.size == 0:
        raise PackageInvalid(
            f"{path}: '{name}' is {array.dtype} with {array.ndim} dimensions, expected {dimensions} of kind {kinds}"
        )
    return array
