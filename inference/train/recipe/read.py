"""recipe.toml, read and checked before anything long begins."""

import tomllib
from pathlib import Path

from pydantic import Field, ValidationError

from inference.errors import TrainingRefused
from inference.package.declared import Declared
from inference.package.mistakes import mistakes_in, with_lines
from inference.train.augment.tables import AugmentStep, MixTable
from inference.train.evaluate.tables import EvaluateTable
from inference.train.losses.tables import CrossEntropyTable, LossTable
from inference.train.recipe.calibrate import CalibrateTable
from inference.train.recipe.ensemble import EnsembleTable
from inference.train.recipe.envelope import EnvelopeTable
from inference.train.recipe.fit import FitTable
from inference.train.recipe.golden import GoldenTable
from inference.train.recipe.header import Header
from inference.train.recipe.network import Network
from inference.train.sampling.tables import SamplingTable
from inference.train.sources.tables import DataTable
from inference.train.split import SplitTable
from inference.train.synthesis.tables import SynthesisTable

LARGEST_RECIPE_BYTES = 256 * 1024


class Recipe(Declared):
    """The whole of recipe.toml. What goes in and comes out stands in the model.toml beside it."""

    recipe: Header
    data: DataTable
    split: SplitTable = SplitTable()
    network: Network
    loss: LossTable = CrossEntropyTable(kind="cross_entropy")
    fit: FitTable = FitTable()
    sampling: SamplingTable = SamplingTable()
    augment: tuple[AugmentStep, ...] = ()
    mix: MixTable | None = None
    synthesis: SynthesisTable | None = None
    ensemble: EnsembleTable | None = None
    calibrate: CalibrateTable | None = None
    evaluate: EvaluateTable = EvaluateTable()
    envelope: EnvelopeTable | None = None
    golden: GoldenTable = Field(default=GoldenTable())


def read_recipe(path: Path) -> Recipe:
    """Read and check the recipe at ``path``.

    Raises TrainingRefused with every mistake in it, one a line: where, what is wrong, what is allowed.
    """
    text = _read(path)
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TrainingRefused(f"{path} is not TOML: {error}") from None
    try:
        return Recipe.model_validate(tables)
    except ValidationError as error:
        mistakes = mistakes_in(error, tables, Recipe)
        raise TrainingRefused("\n  ".join([f"{path}:", *with_lines(mistakes, text)])) from None


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_RECIPE_BYTES + 1)
    except OSError as error:
        raise TrainingRefused(f"{path} cannot be read: {error.strerror}; name a recipe.toml") from None
    if len(content) > LARGEST_RECIPE_BYTES:
        raise TrainingRefused(f"{path} is larger than {LARGEST_RECIPE_BYTES} bytes; it is no recipe")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise TrainingRefused(f"{path} is not TOML: {error}") from None
