"""What a training has come to, kept after every epoch, so that a killed one goes on where it was."""

import json
import os
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inference.errors import TrainingRefused

FILE = "checkpoint.npz"

Arrays = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class Epoch:
    """One point of the curve: the mean loss of the epoch's batches, and the score after it."""

    loss: float
    score: float


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """``key`` names what is being done; ``state`` and ``best`` are the learner's, ``curve`` has the epochs done."""

    key: str
    curve: tuple[Epoch, ...]
    state: Arrays
    best: tuple[npt.NDArray[Any], ...]

    @property
    def best_epoch(self) -> int:
        """The epoch, from 0, whose weights are kept: the first of those with the highest score."""
        scores = [epoch.score for epoch in self.curve]
        return scores.index(max(scores))


def save_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Put it in ``folder``; whatever happens meanwhile, what lies there is whole: the last one or this."""
    about = {"key": checkpoint.key, "curve": [asdict(epoch) for epoch in checkpoint.curve]}
    arrays: dict[str, Any] = {f"state/{name}": array for name, array in checkpoint.state.items()}
    arrays |= {f"best/{number}": array for number, array in enumerate(checkpoint.best)}
    rough = folder / f"{FILE}.part"
    with rough.open("wb") as file:
        np.savez(file, about=np.array(json.dumps(about)), **arrays)
        file.flush()
        os.fsync(file.fileno())
    rough.replace(folder / FILE)


def load_checkpoint(folder: Path, key: str) -> Checkpoint | None:
    """The checkpoint in ``folder``, None where there is none.

    Raises TrainingRefused where it is of something else than ``key``, and where it cannot be read.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        about = json.loads(str(arrays.pop("about")))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise TrainingRefused(
            f"{path} is no checkpoint ({type(error).__name__}); remove it and begin again"
        ) from None
    if about["key"] != key:
        raise TrainingRefused(
            f"{folder} holds a training with another recipe or manifest, or of files that were changed since (images, "
            "labels, weights to begin from); give another --out, or remove it"
        )
    return Checkpoint(
        key=key,
        curve=tuple(Epoch(**epoch) for epoch in about["curve"]),
        state={name.removeprefix("state/"): each for name, each in arrays.items() if name[0] == "s"},
        best=tuple(arrays[f"best/{number}"] for number in range(sum(name[0] == "b" for name in arrays))),
    )
