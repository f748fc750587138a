"""From the name of a class to its number, and that no class is without a case."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inference.errors import TrainingRefused
from inference.package.declared import did_you_mean
from inference.train.case import Boxes, Class


def number_of(name: str, classes: Sequence[str], of: str) -> int:
    """Raises TrainingRefused for a name that ``classes`` do not hold."""
    if name not in classes:
        raise TrainingRefused(
            f"{of} is labelled '{name}', but [data] classes are {', '.join(classes)}"
            f"{did_you_mean(name, list(classes))}"
        )
    return classes.index(name)


def class_of(name: str, classes: Sequence[str], of: str) -> Class:
    """The class, all of it in one share. Raises TrainingRefused."""
    shares = np.zeros(len(classes), np.float32)
    shares[number_of(name, classes, of)] = 1.0
    return Class(shares=shares)


def require_every_class(truths: Sequence[Boxes | Class], classes: Sequence[str], path: Path) -> None:
    """Raises TrainingRefused for a class that no case is of: nothing could be learnt of it."""
    present: set[int] = set()
    for truth in truths:
        present.update(np.flatnonzero(truth.shares) if isinstance(truth, Class) else truth.classes.tolist())
    empty = [name for number, name in enumerate(classes) if number not in present]
    if truths and empty:
        raise TrainingRefused(
            f"{path} has no case of {', '.join(empty)}; label some, or take the class out of [data] classes and "
            "of model.toml"
        )
