"""What one network learns from and is scored on: images as they are, or drawn from label volumes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from inference.errors import TrainingRefused
from inference.package.manifest import Manifest
from inference.train.batches import Batch, Drawing, batches
from inference.train.case import Example
from inference.train.networks import Shape, input_shape
from inference.train.prepare import prepare_all
from inference.train.recipe.read import Recipe
from inference.train.split import Split


@dataclass(frozen=True, kw_only=True)
class Material:
    """``draw`` takes seed and epoch to endless batches. ``shape``: what the network reads, without its channel."""

    draw: Callable[[int, int], Iterator[Batch]]
    validation: tuple[Example, ...]
    shape: Shape


def material(recipe: Recipe, manifest: Manifest, split: Split) -> Material:
    """Read and prepare both sides of ``split``. Raises TrainingRefused with the case that cannot be learnt from."""
    training, validation = (
        prepare_all(side, manifest.preprocess, recipe.sampling.by)
        for side in (split.training, split.validation)
    )
    shape = input_shape(manifest, training[0].values.shape)
    _require_shape(recipe, shape, (*training, *validation))
    drawing = Drawing(
        sampling=recipe.sampling, augment=recipe.augment, mix=recipe.mix, names=recipe.data.named
    )

    def draw(seed: int, epoch: int) -> Iterator[Batch]:
        return batches(training, drawing, seed, epoch)

    return Material(draw=draw, validation=validation, shape=shape)


def _require_shape(recipe: Recipe, shape: Shape, examples: Sequence[Example]) -> None:
    """Batches, too, are of the network's shape; whole examples are where they are cut into patches when serving."""
    patches = recipe.sampling.patches
    if patches is not None:
        if patches.size != shape:
            raise TrainingRefused(
                f"[sampling.patches] size is {_in_words(patches.size)}, but model.toml's [predict] patch "
                f"{_in_words(shape)}; make them the same"
            )
        return
    others = {example.values.shape for example in examples} - {shape}
    if others:
        raise TrainingRefused(
            f"after preprocessing inputs are of {_in_words(min(others))} and of {_in_words(shape)}; resize or pad them "
            "in model.toml's [[preprocess]], or learn from [sampling.patches]"
        )


def _in_words(shape: Shape) -> str:
    return " x ".join(map(str, shape))
