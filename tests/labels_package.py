"""Builds a model package of volumes that is a formula: two greys of a CT are two segments, voxel by voxel.

So that tests and benches of a whole series need no trained network, and know what must come out.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from inference.train.pack import Sources, pack_package
from tests.unit.inference.volume.stacks import write_stack

AIR, LOW, HIGH = -1000, 200, 600
"""Hounsfield units; the segments are LOW and HIGH."""
PATCH = (8, 16, 16)
DRAFT = """
[model]
name = "labels"
version = "1.0.0"
task = "segmentation"
research_only = true
intended_use = "Tests of this software"
licence = "Apache-2.0"

[algorithm]
family = "DCM.ArtificialIntelligence"
source = "a formula"

[input]
each = "series"
Modality = ["CT"]

[[preprocess]]
step = "orient"
to = "LPS"

[[preprocess]]
step = "window"
centre = 0
width = 2000

[predict]
patch = {patch}
overlap = {overlap}
batch = {batch}

[[postprocess]]
step = "threshold"
at_least = 0.5

[[output.segment]]
label = "Low"
channel = 0
category = "SCT.AnatomicalStructure"
type = "SCT.Liver"
colour_rgb = [66, 165, 245]

[[output.segment]]
label = "High"
channel = 1
category = "SCT.AnatomicalStructure"
type = "SCT.Spleen"
colour_rgb = [255, 167, 38]

[[output.measurement]]
kind = "volume"
code = "SCT.Volume"
unit = "mm3"
"""


def build_labels_package(
    folder: Path, *, patch: Sequence[int] = PATCH, overlap: float = 0.5, batch: int = 4
) -> Path:
    """Write the package below ``folder`` and return its own folder."""
    draft, example = folder / "draft.toml", folder / "example"
    folder.mkdir(parents=True, exist_ok=True)
    draft.write_text(DRAFT.format(patch=list(patch), overlap=overlap, batch=batch), encoding="utf-8")
    write_stack(example, labels_phantom() + 1000)
    network = _export_network(folder / "network", patch)
    return pack_package(Sources(draft=draft, networks=(network,), example=example), folder / "packages")


def labels_phantom() -> npt.NDArray[np.int16]:
    """(11, 23, 19) Hounsfield units; no two of its mirror images or turned copies are the same."""
    values = np.full((11, 23, 19), AIR, np.int16)
    values[2:9, 3:17, 4:9] = LOW
    values[4:6, 5:8, 4:15] = HIGH
    values[8, 18:21, 12] = HIGH
    return values


def _export_network(folder: Path, patch: Sequence[int]) -> Path:
    """0.6 of the window is Low, 0.8 is High."""

    def serve(image: tf.Tensor) -> dict[str, tf.Tensor]:
        low, high = (tf.exp(-tf.square((image - middle) * 20.0)) for middle in (0.6, 0.8))
        return {"probabilities": tf.concat([low, high], axis=-1)}

    module = tf.Module()
    module.serve = tf.function(
        serve, input_signature=[tf.TensorSpec((None, *patch, 1), tf.float32, name="image")]
    )
    tf.saved_model.save(module, str(folder), signatures={"serving_default": module.serve})
    return folder
