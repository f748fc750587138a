"""From stored pixels to what the network was trained on: one step a file, the manifest names the order."""

from collections.abc import Callable, Sequence
from typing import Any

from inference.preprocess.clip import clip
from inference.preprocess.crop_to_body import crop_to_body
from inference.preprocess.field import Field, Prepared, Undo
from inference.preprocess.min_max import min_max
from inference.preprocess.orient import orient
from inference.preprocess.pad import pad
from inference.preprocess.resample import resample
from inference.preprocess.rescale import rescale
from inference.preprocess.resize import resize
from inference.preprocess.window import window
from inference.preprocess.z_score import z_score

STEPS: dict[str, Callable[[Field, Any], Prepared]] = {
    "orient": orient,
    "resample": resample,
    "crop_to_body": crop_to_body,
    "window": window,
    "clip": clip,
    "rescale": rescale,
    "z_score": z_score,
    "min_max": min_max,
    "pad": pad,
    "resize": resize,
}


def preprocess(field: Field, steps: Sequence[Any]) -> tuple[Field, tuple[Undo, ...]]:
    """Carry out the manifest's steps in order.

    ``field`` holds one image or one volume after the Modality LUT, in the MONOCHROME2 sense. Returns the
    network's field and, in the order of the steps, what leads back to the grid before each.
    """
    undos: list[Undo] = []
    for step in steps:
        prepared = STEPS[step.step](field, step)
        field = prepared.field
        undos.append(prepared.undo)
    return field, tuple(undos)
