"""The whole chain of serving for one image, as evaluation and the golden case need it."""

import numpy as np
import numpy.typing as npt

from inference.package.manifest import Manifest
from inference.postprocess import postprocess
from inference.postprocess.restore_geometry import restore_geometry
from inference.predict import Predictor
from inference.preprocess import preprocess

Maps = npt.NDArray[np.float32]


def run_chain(
    pixels: npt.NDArray[np.float32], manifest: Manifest, predictor: Predictor
) -> tuple[Maps, npt.NDArray[np.uint8]]:
    """Preprocess, predict, take back to the source grid, postprocess.

    ``pixels`` is (rows, columns) float32 in the MONOCHROME2 sense. Returns the probabilities on the
    network's grid, (network rows, network columns, classes), and labels 0 or 1, (rows, columns, classes).
    """
    image, undos = preprocess(pixels, manifest.preprocess)
    probabilities = predictor(image)
    return probabilities, postprocess(restore_geometry(probabilities, undos), manifest.postprocess)
