"""The input of the golden case, as ``[golden]`` names it."""

from pathlib import Path

import numpy as np

from inference.errors import GeometryRefused, InputUnreadable, PackageInvalid, TrainingRefused
from inference.package.manifest import Manifest
from inference.preprocess.field import Field
from inference.train.golden import middle_of
from inference.train.inputs import read_input
from inference.train.phantom import chest_phantom
from inference.train.recipe.golden import GoldenTable
from inference.train.split import Split


def golden_input(table: GoldenTable, manifest: Manifest, sides: Split, beside: Path) -> Field:
    """What preprocessing starts from, of a volume its middle: it is held while the networks learn.

    A file lies relative to ``beside``. Raises TrainingRefused where it is not there, or is no such input.
    """
    if table.file is not None:
        return middle_of(_read(beside / table.file, manifest))
    if table.source == "drawn_chest":
        return _drawn_chest(manifest)
    return middle_of(sides.validation[0].read().field)


def _read(path: Path, manifest: Manifest) -> Field:
    if not path.exists():
        raise TrainingRefused(
            f"[golden] file: {path} is not there; name a file or folder relative to the recipe"
        )
    try:
        return read_input(path, manifest.input)
    except (InputUnreadable, GeometryRefused, PackageInvalid) as error:
        raise TrainingRefused(f"[golden] file: {error}; name another") from None


def _drawn_chest(manifest: Manifest) -> Field:
    if manifest.input.each == "series":
        raise TrainingRefused(
            "[golden] source = 'drawn_chest' is an image, but model.toml's [input] each is 'series'; name a file"
        )
    return Field(values=chest_phantom().astype(np.float32), affine=None)
