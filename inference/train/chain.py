"""The stations of serving for one input, as evaluation and the golden case need them."""

from typing import Any

import numpy as np
import numpy.typing as npt

from inference.encode.analysed import Classification, Detection, Segmentation
from inference.package.manifest import Manifest
from inference.pipeline.answer import answer
from inference.pipeline.question import Question
from inference.pipeline.stopwatch import Stopwatch
from inference.predict import Maps, Predictor
from inference.preprocess.field import Field

Labels = npt.NDArray[np.uint8]


def golden_arrays(field: Field, manifest: Manifest, predictor: Predictor) -> dict[str, npt.NDArray[Any]]:
    """What the package's stations give for ``field``, under the names of golden/case.npz, by the task."""
    given = answer(Question(field=field, manifest=manifest, predictor=predictor, keep_maps=True), Stopwatch())
    if isinstance(given.found, Classification):
        return {"probabilities": given.found.probabilities}
    if isinstance(given.found, Detection):
        found = given.found.detections
        return {"boxes": found.boxes, "scores": found.scores, "classes": found.classes}
    assert isinstance(given.found, Segmentation) and given.maps is not None  # they were asked for
    return {"probabilities": given.maps, "labels": given.found.labels}


def run_chain(pixels: Maps, manifest: Manifest, predictor: Predictor) -> tuple[Maps, Labels]:
    """Take one image through a segmentation.

    ``pixels`` is (rows, columns) float32 in the MONOCHROME2 sense. Returns the probabilities on the
    network's grid, (network rows, network columns, classes), and labels 0 or 1, (rows, columns, segments).
    """
    arrays = golden_arrays(Field(values=pixels, affine=None), manifest, predictor)
    return arrays["probabilities"], arrays["labels"]
