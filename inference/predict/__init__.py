"""TensorFlow lives here, and is imported when the first model is loaded, not before."""

import os
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from inference.package.prediction import Io


class Predictor(Protocol):
    """A network ready to be called."""

    def __call__(self, image: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """(rows, columns) float32 to (rows, columns, channels) float32; raises PredictionFailed."""
        ...


def load_predictor(folder: Path, io: Io) -> Predictor:
    """Check and load the SavedModel in ``folder`` (see ``saved_model.load``); raises PackageInvalid."""
    # TensorFlow reads this when it is imported. Its own lines below "error" are advice to its builders.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from inference.predict import saved_model

    return saved_model.load(folder, io)
