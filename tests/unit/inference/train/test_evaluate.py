from pathlib import Path
from types import SimpleNamespace

import numpy as np
from PIL import Image

from inference.package.manifest import read_manifest
from inference.train.__main__ import RECIPE
from inference.train.data import Example
from inference.train.evaluate import Score, evaluate, figures


def example(patient_id, projection, folder=Path()):
    return Example(
        image=folder / "image.png",
        mask=folder / "mask.png",
        patient_id=patient_id,
        projection=projection,
        sex="f",
    )


def test_figures_are_counts_and_means():
    scores = [
        Score(example=example("a", "ap"), dice=0.8),
        Score(example=example("a", "ap"), dice=0.9),
        Score(example=example("b", "pa"), dice=1.0),
    ]
    assert figures(scores) == {
        "validation_patients": 2,
        "validation_images": 3,
        "dice_mean": 0.9,
        "dice_median": 0.9,
        "dice_least": 0.8,
        "ap_images": 2,
        "ap_dice_mean": 0.85,
        "pa_images": 1,
        "pa_dice_mean": 1.0,
    }


def test_dice_is_measured_at_the_size_of_the_source(tmp_path):
    """A predictor that calls dark lung, on an image of another shape than the network's grid."""
    mask = np.zeros((300, 180), np.uint8)
    mask[60:240, 20:80] = mask[60:240, 100:160] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    Image.fromarray(250 - mask // 2).save(tmp_path / "image.png")

    def dark_inside(image):
        padded = image == 0.0
        padded[:, 56:200] = False
        return ((image < 0.5) & ~padded).astype(np.float32)[..., None]

    network = SimpleNamespace(
        members=1, each_member=lambda image: (dark_inside(image),), combine=lambda members: members[0]
    )
    (score,) = evaluate([example("a", "ap", tmp_path)], read_manifest(RECIPE), network)
    assert 0.98 < score.dice <= 1.0
