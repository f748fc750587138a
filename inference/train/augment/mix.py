"""Images of a batch mixed in pairs, and their classes with them."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from inference.errors import TrainingRefused
from inference.train.augment.cutmix import cutmix
from inference.train.augment.mixup import mixup
from inference.train.augment.tables import MixTable
from inference.train.case import Class, Truth

Images = npt.NDArray[np.float32]
Shares = npt.NDArray[np.float32]
Mixing = Callable[[Images, Images, float, np.random.Generator], tuple[Images, float]]

KINDS: dict[str, Mixing] = {"mixup": mixup, "cutmix": cutmix}


def mix(
    images: Images, truths: Sequence[Truth], table: MixTable, rng: np.random.Generator
) -> tuple[Images, tuple[Truth, ...]]:
    """Each of ``images`` (n, …, 1) with another of the batch, and the classes in the shares that are seen.

    Raises TrainingRefused where the truths are no classes.
    """
    shares = _shares(truths)
    partner = rng.permutation(len(images))
    mixed, kept = KINDS[table.kind](images, images[partner], float(rng.beta(table.alpha, table.alpha)), rng)
    blended = (kept * shares + (1.0 - kept) * shares[partner]).astype(np.float32)
    return mixed, tuple(Class(shares=each) for each in blended)


def _shares(truths: Sequence[Truth]) -> Shares:
    shares = [truth.shares for truth in truths if isinstance(truth, Class)]
    if len(shares) != len(truths):
        raise TrainingRefused("[mix] is for classes; take it out, or mix within [[augment]]")
    return np.stack(shares)
