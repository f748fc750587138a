"""A training that takes seconds: shades of grey on 32 x 32 pixels, eight patients, a network of a few filters."""

import json

import numpy as np
from PIL import Image

from tests.model_package import MANIFEST, phantom

MODEL = MANIFEST.replace("rows = 128", "rows = 32").replace("columns = 128", "columns = 32")

RECIPE = """
[recipe]
name = "shades"
seed = 1

[data]
kind = "images_and_masks"
facts = ["sex"]

[[data.segment]]
mask = "dark"

[[data.segment]]
mask = "grey"

[split]
validation_share = 0.3

[network]
kind = "unet"
base = 2
depth = 2

[fit]
epochs = 2
steps = 4
learning_rate = 1e-2

[[augment]]
step = "noise"

[evaluate]
resamples = 100
"""


def write_data(folder, patients=8):
    """``folder`` with labels.json, images/ and masks/: the phantom in noise, one image a patient."""
    rng = np.random.default_rng(0)
    for kind in ("images", "masks"):
        (folder / kind).mkdir(parents=True)
    entries = [_write_one(folder, number, rng) for number in range(patients)]
    (folder / "labels.json").write_text(json.dumps(entries), encoding="utf-8")
    return folder


def write_recipe(folder, *, more="", model=MODEL, recipe=RECIPE):
    """``folder`` with recipe.toml and model.toml; returns the path of the recipe."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.toml").write_text(model, encoding="utf-8")
    (folder / "recipe.toml").write_text(recipe + more, encoding="utf-8")
    return folder / "recipe.toml"


def _write_one(folder, number, rng):
    image, masks = phantom(96, 80)
    noisy = np.clip(200 * image + rng.integers(0, 20, image.shape), 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(folder / "images" / f"{number}.png")
    names = {}
    for channel, name in enumerate(("dark", "grey")):
        names[name] = f"{number}-{name}.png"
        Image.fromarray(255 * masks[..., channel]).save(folder / "masks" / names[name])
    return {
        "image": f"{number}.png",
        "patient_id": f"p{number}",
        "sex": "f" if number % 2 else "m",
        **names,
    }
