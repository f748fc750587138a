"""The golden case: the package's own stations on one input, kept."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.errors import PackageInvalid
from inference.package.golden import golden_path
from inference.package.manifest import Manifest
from inference.predict import Predictor
from inference.preprocess.field import Field
from inference.train.chain import golden_arrays

LARGEST_INPUT = (64, 512, 512)
"""Slices, rows, columns of a golden volume; a larger one is cut to its middle, so that packages stay small."""


def write_golden_case(folder: Path, field: Field, manifest: Manifest, predictor: Predictor) -> dict[str, Any]:
    """Write ``folder/golden/case.npz`` from ``field`` and return its arrays; a volume is cut to its middle.

    Raises PackageInvalid where a detection finds nothing: a case without a box proves nothing.
    """
    small = middle_of(field)
    given = golden_arrays(small, manifest, predictor)
    if manifest.model.task == "detection" and not len(given["scores"]):
        raise PackageInvalid("the network finds no box in the input; give one on which it finds something")
    arrays: dict[str, Any] = {
        "pixels": _compact(small.values),
        **{name: _stored(name, array) for name, array in given.items()},
    }
    if small.affine is not None:
        arrays["affine"] = small.affine
    path = golden_path(folder)
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(path, **arrays)
    return arrays


def middle_of(field: Field) -> Field:
    """The middle of a volume that is larger than LARGEST_INPUT, with its place in the patient."""
    if field.affine is None:
        return field
    sizes = [min(size, most) for size, most in zip(field.values.shape, LARGEST_INPUT, strict=True)]
    starts = [(size - kept) // 2 for size, kept in zip(field.values.shape, sizes, strict=True)]
    affine = field.affine.copy()
    affine[:3, 3] += affine[:3, :3] @ np.array(starts, np.float64)
    window = tuple(slice(start, start + kept) for start, kept in zip(starts, sizes, strict=True))
    return Field(values=np.ascontiguousarray(field.values[window]), affine=affine)


def _compact(values: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
    """Whole numbers as integers, which pack to a fraction."""
    if not (values == np.rint(values)).all():
        return values
    for dtype in (np.uint8, np.uint16, np.int16):
        limits = np.iinfo(dtype)
        if limits.min <= values.min() and values.max() <= limits.max:
            return values.astype(dtype)
    return values


def _stored(name: str, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Half precision is ten times finer than the tolerance of a probability."""
    return array.astype(np.float16) if name in ("probabilities", "scores") else array
