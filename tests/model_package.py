"""Builds a small, real model package: fixed weights that mark what is dark, and what is half dark.

So that tests of loading, running and encoding need no trained network, and know what must come out.
"""

from pathlib import Path

import numpy as np

from inference.package.checksums import seal
from inference.package.manifest import read_manifest
from inference.postprocess import postprocess
from inference.postprocess.restore_geometry import restore_maps
from inference.predict import load_predictor
from inference.preprocess import preprocess
from inference.preprocess.field import Field

SIDE = 128

MANIFEST = """
[model]
name = "shades"
version = "1.2.3"
task = "segmentation"
research_only = true
intended_use = "Tests of this software"
licence = "Apache-2.0"

[algorithm]
family = "DCM.ArtificialIntelligence"
source = "weights written by hand"

[input]
each = "instance"
Modality = ["CR", "DX"]

[[preprocess]]
step = "min_max"

[[preprocess]]
step = "pad"
to = "square"
value = 1.0

[[preprocess]]
step = "resize"
rows = 128
columns = 128

[io]
input = "image"
input_rank = 4
output = "probabilities"
output_rank = 4

[[postprocess]]
step = "threshold"
at_least = 0.5

[[postprocess]]
step = "components"
keep_largest = 2
smallest_fraction = 0.002

[[output.segment]]
label = "Dark"
channel = 0
category = "SCT.AnatomicalStructure"
type = "SCT.Lung"
laterality = "SCT.Left"
colour_rgb = [66, 165, 245]

[[output.segment]]
label = "Grey"
channel = 1
category = "SCT.AnatomicalStructure"
type = "SCT.Heart"
colour_rgb = [255, 167, 38]

[[output.measurement]]
kind = "area"
code = "SCT.Area"
unit = "mm2"

[gate]
smallest_rows = 64
smallest_columns = 64
smallest_fraction = 0.001
largest_fraction = 0.8
"""


def build_package(folder: Path) -> Path:
    """Write a whole package into ``folder`` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.toml").write_text(MANIFEST, encoding="utf-8")
    (folder / "card.md").write_text("# shades\nMarks dark and half-dark areas.\n", encoding="utf-8")
    export_network(folder / "model")
    np.savez(
        folder / "envelope.npz",
        percentiles=np.array([50.0], np.float32),
        lowest=np.array([0.3], np.float32),
        highest=np.array([1.0], np.float32),
    )
    write_golden_case(folder)
    seal(folder)
    return folder


def export_network(folder: Path) -> None:
    """Three convolutions with weights that make a probability of darkness (0) and of half darkness (1)."""
    import keras

    image = keras.Input((SIDE, SIDE, 1), name="image")
    folded = keras.layers.Conv2D(3, 1, activation="relu", name="folded")(image)
    output = keras.layers.Conv2D(2, 1, activation="sigmoid", name="probabilities")(folded)
    network = keras.Model({"image": image}, {"probabilities": output})
    # x, how far x lies above one half, how far below it
    network.get_layer("folded").set_weights(
        [np.array([[[[1.0, 1.0, -1.0]]]], np.float32), np.array([0.0, -0.5, 0.5], np.float32)]
    )
    network.get_layer("probabilities").set_weights(
        [
            np.array([[[[-80.0, 0.0], [0.0, -80.0], [0.0, -80.0]]]], np.float32),
            np.array([20.0, 12.0], np.float32),
        ]
    )
    network.export(folder, format="tf_saved_model", verbose=False)


def phantom(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """An image no flip or turn maps onto itself, 0..1, and its masks (rows, columns, 2): dark, grey."""
    row, column = np.mgrid[0:rows, 0:columns] / np.array([[[rows]], [[columns]]])
    upright = (row > 0.15) & (row < 0.7) & (column > 0.1) & (column < 0.25)
    foot = (row > 0.55) & (row < 0.7) & (column > 0.1) & (column < 0.5)
    dark = upright | foot
    grey = (row - 0.3) ** 2 + (column - 0.75) ** 2 < 0.02
    image = np.where(dark, 0.0, np.where(grey, 0.5, 1.0))
    return image.astype(np.float32), np.stack([dark, grey], axis=-1).astype(np.uint8)


def write_golden_case(folder: Path) -> None:
    """Run the package's own stations on the phantom and keep what they gave."""
    manifest = read_manifest(folder)
    pixels = (phantom(300, 260)[0] * 4095).astype(np.uint16)
    field, undos = preprocess(Field(values=pixels.astype(np.float32), affine=None), manifest.preprocess)
    maps = load_predictor(folder / "model", manifest.io)(field.values)
    (folder / "golden").mkdir(exist_ok=True)
    np.savez(
        folder / "golden" / "case.npz",
        pixels=pixels,
        probabilities=maps.astype(np.float16),
        labels=postprocess(restore_maps(maps, undos), manifest.postprocess),
    )
