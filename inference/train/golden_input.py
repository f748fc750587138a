"""The input of the golden case, as ``[golden]`` names it."""

from pathlib import Path

import numpy as np

from inference.package.manifest import Manifest
from inference.preprocess.field import Field
from inference.train.inputs import read_input
from inference.train.phantom import chest_phantom
from inference.train.recipe.golden import GoldenTable
from inference.train.split import Split


def golden_input(table: GoldenTable, manifest: Manifest, sides: Split, beside: Path) -> Field:
    """What preprocessing starts from; a file lies relative to ``beside``. Raises what ``read_input`` raises."""
    if table.file is not None:
        return read_input(beside / table.file, manifest.input)
    if table.source == "drawn_chest":
        return Field(values=chest_phantom().astype(np.float32), affine=None)
    return sides.validation[0].read().field
