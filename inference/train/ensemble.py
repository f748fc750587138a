"""Who are the members of the package, and what does each learn from?"""

from dataclasses import dataclass

from inference.errors import TrainingRefused
from inference.package.manifest import Manifest
from inference.train.recipe.read import Recipe
from inference.train.split import Split, folds


@dataclass(frozen=True, kw_only=True)
class Member:
    """One network to be taught. ``seed`` decides its start and its draws; ``split``: its own two sides."""

    number: int
    seed: int
    split: Split


def members(recipe: Recipe, sides: Split) -> tuple[Member, ...]:
    """One member, or as many as ``[ensemble]`` asks for; the validation patients of ``sides`` are in no fold."""
    table, seed = recipe.ensemble, recipe.recipe.seed
    if table is None:
        return (Member(number=0, seed=seed, split=sides),)
    if table.folds is None:
        return tuple(Member(number=number, seed=each, split=sides) for number, each in enumerate(table.seeds))
    parts = folds(sides.training, table.folds, recipe.split, seed)
    return tuple(Member(number=number, seed=seed + number, split=part) for number, part in enumerate(parts))


def require_ensemble(recipe: Recipe, manifest: Manifest) -> None:
    """Raise TrainingRefused where an ensemble or a calibration is asked for of a network that marks boxes."""
    if manifest.model.task != "detection":
        return
    if recipe.ensemble is not None:
        raise TrainingRefused("[ensemble]: boxes have no mean; leave it out for a detection")
    if recipe.calibrate is not None:
        raise TrainingRefused(
            "[calibrate] is for segmentation and classification; leave it out for a detection"
        )
