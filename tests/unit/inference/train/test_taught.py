import keras
import pytest

from inference.errors import TrainingRefused
from inference.package.manifest import read_manifest
from inference.train.case import Case
from inference.train.ensemble import Member
from inference.train.material import Material
from inference.train.recipe.read import read_recipe
from inference.train.split import Split
from inference.train.taught import teach, training_key
from tests.unit.inference.train.learn.discs import SIDE, discs, drawn
from tests.unit.inference.train.small_training import MODEL, RECIPE, write_recipe

CASES = [Case(name=f"{k}", patient=f"p{k}", facts={}, read=lambda: None) for k in range(4)]


def key(tmp_path, *, seed=0, first=2, files="a", **changes):
    path = write_recipe(tmp_path / "recipe", **changes)
    sides = Split(training=tuple(CASES[:first]), validation=tuple(CASES[first:]))
    member = Member(number=0, seed=seed, split=sides)
    return training_key(read_recipe(path), read_manifest(path.parent), member, files)


def test_the_same_training_has_the_same_key(tmp_path):
    assert key(tmp_path) == key(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"first": 3},
        {"files": "b"},
        {"recipe": RECIPE.replace("epochs = 2", "epochs = 3")},
        {"recipe": RECIPE.replace("base = 2", "base = 3")},
        {"more": '\n[[augment]]\nstep = "flip"\n'},
        {"model": MODEL.replace('step = "min_max"', 'step = "rescale"')},
        {"model": MODEL.replace("channel = 1", "channel = 2")},
    ],
)
def test_another_training_has_another_key(tmp_path, change):
    assert key(tmp_path) != key(tmp_path, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"more": "\n[calibrate]\n"},
        {"more": '\n[golden]\nsource = "drawn_chest"\n'},
        {"recipe": RECIPE.replace("resamples = 100", "resamples = 500")},
        {"model": MODEL.replace("Tests of this software", "Other words")},
    ],
)
def test_what_comes_after_the_training_may_change(tmp_path, change):
    assert key(tmp_path) == key(tmp_path, **change)


FROZEN = RECIPE.replace("depth = 2\n", 'depth = 2\n\n[network.start]\nfreeze = ["conv2d"]\n')
QUICK = FROZEN.replace("epochs = 2\nsteps = 4", "epochs = 1\nsteps = 1")


def taught(tmp_path, number, *, recipe=QUICK, files="a"):
    path = write_recipe(tmp_path / "recipe", recipe=recipe)
    sides = Split(training=tuple(CASES[:2]), validation=tuple(CASES[2:]))
    found = Material(
        draw=lambda seed, epoch: drawn(discs(4, 1), seed)(epoch), validation=discs(1, 2), shape=(SIDE, SIDE)
    )
    member = Member(number=number, seed=number, split=sides)
    manifest = read_manifest(path.parent)
    return teach(read_recipe(path), manifest, path.parent, member, found, tmp_path / "rough", files=files)


def test_the_parts_of_every_member_have_the_names_that_the_page_gives(tmp_path):
    """docs/train-your-own.md: of a U-Net with depth 2."""
    keras.layers.Conv2D(1, 1)  # what was built before in this process
    for number in (0, 1):
        network = taught(tmp_path, number).lesson.network
        learning = [layer.name for layer in network.layers if layer.weights]
        down = ["conv2d", *(f"conv2d_{k}" for k in range(1, 6))]
        up = ["conv2d_transpose", "conv2d_6", "conv2d_7", "conv2d_transpose_1", "conv2d_8", "conv2d_9"]
        assert learning == [*down, *up, "probabilities"]
        assert [name for name in learning if not network.get_layer(name).trainable] == ["conv2d"]


def test_a_finished_training_of_other_files_is_not_taken(tmp_path):
    taught(tmp_path, 0)
    with pytest.raises(TrainingRefused, match="of files that were changed since"):
        taught(tmp_path, 0, files="b")
