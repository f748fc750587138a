"""TensorFlow lives here, and is imported when the first model is loaded, not before."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from inference.package.prediction import Io, Predict
from inference.predict.rolling_slab import Maps, OnBlended, OnSlab

__all__ = ["Maps", "OnBlended", "OnSlab", "Predictor", "load_predictor"]


class Predictor(Protocol):
    """The networks of a package, ready to be asked. All arrays are float32, probabilities lie in 0..1.

    Each question raises PredictionFailed where one of the networks cannot be run, gives values that are no
    probabilities, or another shape than the question has; and where the package is not made for it.
    """

    @property
    def members(self) -> int:
        """How many networks answer."""
        ...

    @property
    def device(self) -> str:
        """On what, in words."""
        ...

    def __call__(self, image: npt.NDArray[np.float32]) -> Maps:
        """(rows, columns) to (rows, columns, channels): ``combine(each_member(image))``."""
        ...

    def each_member(self, image: npt.NDArray[np.float32]) -> tuple[Maps, ...]:
        """What each member gives by itself, (rows, columns, channels), for who asks whether they agree."""
        ...

    def combine(self, members: Sequence[Maps]) -> Maps:
        """The mean of the members, calibrated by the package's temperature; overwrites the first."""
        ...

    def classify(self, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """(rows, columns) or (slices, rows, columns) to calibrated probabilities (classes,)."""
        ...

    def detect(self, image: npt.NDArray[np.float32]) -> dict[str, npt.NDArray[Any]]:
        """(rows, columns) to ``boxes`` (n, 4), calibrated ``scores`` (n,), ``classes`` (n,) int64, and ``masks``
        (n, mask rows, mask columns) where the network gives some; see ``detections.read_detections``."""
        ...

    def by_slab(
        self, values: npt.NDArray[np.float32], on_slab: OnSlab, *, on_members: OnBlended | None = None
    ) -> None:
        """(slices, rows, columns), handed out a few slices at a time: each slice once, in their order.

        ``on_members`` gets what the members say each for itself, uncalibrated, just before ``on_slab`` gets the
        calibrated mean of the same slices. It costs the memory of a slab for each member.
        """
        ...


def load_predictor(
    folder: Path,
    io: Io,
    predict: Predict | None = None,
    *,
    device: str = "auto",
    threads: int | None = None,
) -> Predictor:
    """Check and load the SavedModels in ``folder`` (see ``loading.load``).

    ``device``: ``auto`` (the first GPU, else the CPU), ``cpu``, ``gpu`` or ``gpu:1``. ``threads``: how many the CPU
    may use for one operation; None leaves it to TensorFlow. Both hold for the process: they must be the same
    for every model in it. Raises PackageInvalid, and InferenceError for a device that is not there.
    """
    # TensorFlow reads this when it is imported. Its own lines below "error" are advice to its builders.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from inference.predict import loading

    return loading.load(folder, io, predict or Predict(), device=device, threads=threads)
